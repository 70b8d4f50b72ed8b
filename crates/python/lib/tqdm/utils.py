"""`tqdm.utils`."""

from _lyceum.missing import declare

__getattr__ = declare(__name__, "CallbackIOWrapper FormatReplace ObjectWrapper SimpleTextIOWrapper disp_len disp_trim")
