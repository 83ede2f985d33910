"""A step whose packages do not go with ours: its workers on Ray run in a Python environment of their own.

The environment lies over that of the run (`make groundingdino`), so it has the same Ray, torch and vidpref. It starts
within seconds; an environment that Ray installs (`pip`) would copy all of ours first.
"""

from pipeline.engine.step_setup import StepSetup


def runtime_env_of(setup: StepSetup) -> dict[str, str] | None:
    """The `runtime_env` of a step's workers; None if they run in the same Python as everything else.

    Without Ray such a step has its model in a child process of that Python, which its stage starts.
    """
    return {"py_executable": setup.interpreter} if setup.interpreter else None
