"""What a policy answers: free text, choices, preferences."""
