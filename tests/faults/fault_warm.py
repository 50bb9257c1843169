"""What a turn imports, some of it only once it is under way: the time of a trial is the turn's own."""

import fault_office  # noqa: F401
import great_expectations  # noqa: F401
import hypothesis.strategies  # noqa: F401
import pandera.strategies.pandas_strategies  # noqa: F401
import scipy.optimize  # noqa: F401
