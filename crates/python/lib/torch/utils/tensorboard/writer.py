"""The writer: numbers become events, pictures and histograms become figures, texts become lines of a file."""

import sys

import torch
import _lyceum_events

from _lyceum.missing import not_here

# The run tells these by itself; a curve of the same name would get mixed up with them.
_OWN = ("loss", "grad_norm")


class SummaryWriter:
    """Tells numbers, pictures and distributions of a training."""

    def __init__(
        self, log_dir=None, comment="", purge_step=None, max_queue=10, flush_secs=120, filename_suffix="",
        write_to_disk=True, **kwargs,
    ):
        # tensorboardX calls the folder `logdir`.
        log_dir = kwargs.pop("logdir", log_dir)
        if kwargs:
            raise TypeError(f"SummaryWriter() got an unexpected keyword argument {next(iter(kwargs))!r}")
        self.log_dir = str(log_dir) if log_dir else "runs/lyceum" + comment
        self.logdir = self.log_dir
        self.purge_step = purge_step
        self._texts = None

    def get_logdir(self):
        """Returns the name of the folder that TensorBoard would have."""
        return self.log_dir

    def _scalar(self, tag, value, step):
        name = f"logged {tag}" if tag in _OWN else tag
        _lyceum_events.scalar(name, _number(value), None if step is None else max(int(step), 0))

    def add_scalar(self, tag, scalar_value, global_step=None, walltime=None, new_style=False, double_precision=False):
        """Tells a number: a point of the curve `tag`."""
        self._scalar(str(tag), scalar_value, global_step)

    def add_scalars(self, main_tag, tag_scalar_dict, global_step=None, walltime=None):
        """Tells several numbers: points of the curves `main_tag/name`."""
        for name, value in tag_scalar_dict.items():
            self._scalar(f"{main_tag}/{name}", value, global_step)

    def add_image(self, tag, img_tensor, global_step=None, walltime=None, dataformats="CHW"):
        """Shows a picture as a figure."""
        self._show(tag, global_step, [_pixels(img_tensor, dataformats)])

    def add_images(self, tag, img_tensor, global_step=None, walltime=None, dataformats="NCHW"):
        """Shows pictures as one figure."""
        from torchvision.utils import make_grid

        values = _tensor(img_tensor)
        order = [dataformats.upper().index(letter) for letter in "NCHW" if letter in dataformats.upper()]
        values = values.permute(*order)
        self._show(tag, global_step, [_pixels(make_grid(values), "CHW")])

    def add_figure(self, tag, figure, global_step=None, close=True, walltime=None):
        """Shows figures of matplotlib."""
        import matplotlib.pyplot as plt

        for each in figure if isinstance(figure, list) else [figure]:
            if not each.get_suptitle():
                each.suptitle(_title(tag, global_step))
            each.show()
            if close:
                plt.close(each)

    def _show(self, tag, step, pictures):
        import matplotlib.pyplot as plt

        figure, axes = plt.subplots()
        for picture in pictures:
            axes.imshow(picture)
        axes.axis("off")
        axes.set_title(_title(tag, step))
        figure.show()
        plt.close(figure)

    def add_histogram(self, tag, values, global_step=None, bins="tensorflow", walltime=None, max_bins=None):
        """Shows how numbers are distributed, as a figure of 30 bins unless told otherwise."""
        import matplotlib.pyplot as plt

        numbers = _tensor(values).detach().reshape(-1).double()
        if not numbers.numel():
            raise ValueError("The input has no element.")
        numbers = numbers[numbers.isfinite()]
        figure, axes = plt.subplots()
        axes.hist(numbers, bins=bins if isinstance(bins, int) else 30)
        axes.set_title(_title(tag, global_step))
        figure.show()
        plt.close(figure)

    def add_text(self, tag, text_string, global_step=None, walltime=None):
        """Writes a text into the file `texts.md` of the writer's folder."""
        import os

        if self._texts is None:
            os.makedirs(self.log_dir, exist_ok=True)
            self._texts = open(os.path.join(self.log_dir, "texts.md"), "a", encoding="utf-8")
        self._texts.write(f"## {_title(tag, global_step)}\n\n{text_string}\n\n")

    def add_hparams(self, hparam_dict, metric_dict, hparam_domain_discrete=None, run_name=None, global_step=None):
        """Tells the measures as numbers, and writes the settings down as a text."""
        if not isinstance(hparam_dict, dict) or not isinstance(metric_dict, dict):
            raise TypeError("hparam_dict and metric_dict should be dictionary.")
        self.add_text("hparams", "\n".join(f"- {name}: {value}" for name, value in hparam_dict.items()), global_step)
        for name, value in metric_dict.items():
            self._scalar(name, value, global_step)

    def add_graph(self, model, input_to_model=None, verbose=False, use_strict_trace=True):
        """Says how Lyceum shows a network: `lyceum run --xray` looks into the training itself."""
        print("add_graph: `lyceum run --xray` shows the graph of the training steps", file=sys.stderr)

    def flush(self):
        """Sees to it that all has been written."""
        if self._texts is not None:
            self._texts.flush()

    def close(self):
        """Ends the writer."""
        if self._texts is not None:
            self._texts.close()
            self._texts = None

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.close()

    def __getattr__(self, name):
        if name in _ABSENT:
            raise not_here(f"SummaryWriter.{name}")
        raise AttributeError(f"'{type(self).__name__}' object has no attribute '{name}'")


_ABSENT = frozenset(
    "add_3d add_audio add_custom_scalars add_custom_scalars_marginchart add_custom_scalars_multilinechart add_embedding "
    "add_histogram_raw add_image_with_boxes add_mesh add_onnx_graph add_pr_curve add_pr_curve_raw add_tensor add_video "
    "file_writer all_writers export_scalars_to_json".split()
)


class FileWriter:
    """Not here: there is no file to write."""

    def __init__(self, *args, **kwargs):
        raise not_here("torch.utils.tensorboard.FileWriter")


def _title(tag, step):
    return tag if step is None else f"{tag} (step {step})"


def _number(value):
    if isinstance(value, torch.Tensor) or hasattr(value, "item"):
        return float(value.item())
    return float(value)


def _tensor(values):
    return values if isinstance(values, torch.Tensor) else torch.as_tensor(values)


def _pixels(image, form):
    """A picture as `(H, W, 3)` or `(H, W)`, whatever the order of its dimensions."""
    values, form = _tensor(image).detach(), form.upper()
    if values.dim() != len(form):
        raise AssertionError(f"size of input tensor and input format are different. tensor shape: {tuple(values.shape)}, input_format: {form}")
    order = [form.index(letter) for letter in "HWC" if letter in form]
    values = values.permute(*order)
    if values.dtype != torch.uint8:
        values = values.mul(255).clamp(0, 255).to(torch.uint8)
    if values.dim() == 2 or values.shape[2] == 1:
        values = values.reshape(values.shape[0], values.shape[1], 1).expand(-1, -1, 3)
    return values.contiguous()
