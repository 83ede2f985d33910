"""How videos pass through the steps: in this process, or on Ray with fixed pools of workers."""
