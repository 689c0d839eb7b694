import subprocess
import sys

import pytest

PURE = [
    "appraisal.schemes.spec",
    "appraisal.schemes.loader",
    "appraisal.schemes.validator",
    "appraisal.scoring.engine",
    "appraisal.scoring.examples",
    "appraisal.scoring.pay",
    "appraisal.scoring.plans",
    "appraisal.scoring.roll_up",
    "appraisal.scoring.streaks",
]


@pytest.mark.parametrize("module", PURE)
def test_it_works_without_django(module: str) -> None:
    program = f"import sys, {module}; print([name for name in sys.modules if name.split('.')[0] == 'django'])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert done.stdout == "[]\n"
