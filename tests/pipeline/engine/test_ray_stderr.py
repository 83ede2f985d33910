"""What is kept off stderr, and what is not."""

import os
import subprocess
import sys

import pytest

from pipeline.engine.ray_stderr import quiet_on_error, without_noise


@pytest.mark.process
def test_all_but_noise_passes_in_order(capfd: pytest.CaptureFixture[str]) -> None:
    """Lines of Python, of native code and of other processes pass; that of Ray does not; then all is as was."""
    with without_noise():
        os.write(2, b"first\n")
        os.write(2, b"E actor has constructor arguments in the object store and max_restarts > 0. If\n")
        subprocess.run([sys.executable, "-c", "import sys; sys.stderr.write('second\\n')"], check=True)
        os.write(2, b"third, without an end")
    os.write(2, b"\nlast has constructor arguments in the object store and max_restarts > 0\n")
    said = capfd.readouterr().err.splitlines()
    assert said[:3] == ["first", "second", "third, without an end"]
    assert said[3].startswith("last")


def test_an_exception_passes_and_stderr_is_given_back(capfd: pytest.CaptureFixture[str]) -> None:
    """A run that fails leaves stderr as it was."""
    with pytest.raises(KeyboardInterrupt), without_noise():
        raise KeyboardInterrupt
    os.write(2, b"still here\n")
    assert capfd.readouterr().err == "still here\n"


def test_what_comes_before_an_exception_is_dropped(capfd: pytest.CaptureFixture[str]) -> None:
    """Pages of native code are gone, and the next line is written as ever."""

    def fail() -> None:
        os.write(2, b"W rpc_client.h:153: Failed to connect\n" * 10_000)
        raise ValueError("the line that counts")

    with pytest.raises(ValueError, match="the line that counts"), quiet_on_error():
        fail()
    os.write(2, b"after\n")
    assert capfd.readouterr().err == "after\n"


def test_what_comes_before_a_good_end_is_passed_on(capfd: pytest.CaptureFixture[str]) -> None:
    """A warning of a start that succeeds is not lost, and keeps its place before what follows."""
    with quiet_on_error():
        os.write(2, b"a warning\n")
    os.write(2, b"after\n")
    assert capfd.readouterr().err == "a warning\nafter\n"
