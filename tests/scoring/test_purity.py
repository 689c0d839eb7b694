import subprocess
import sys

PURE = [
    "appraisal.schemes.spec",
    "appraisal.schemes.loader",
    "appraisal.schemes.validator",
    "appraisal.scoring.engine",
    "appraisal.scoring.cases",
    "appraisal.scoring.pay",
    "appraisal.scoring.plans",
    "appraisal.scoring.roll_up",
    "appraisal.scoring.streaks",
]


def test_scoring_and_reading_schemes_work_without_django() -> None:
    program = f"import sys, {', '.join(PURE)}; print([name for name in sys.modules if name.split('.')[0] == 'django'])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert done.stdout == "[]\n"
