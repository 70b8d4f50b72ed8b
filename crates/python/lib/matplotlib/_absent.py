"""What matplotlib has and Lyceum has not: such a name answers with its own name."""

import sys

_MODULE_NAMES = (
    "animation artist axes backend_bases backend_managers backend_tools backends bezier category cbook collections "
    "colorbar colorizer container contour dates dviread font_manager ft2font gridspec hatch image inset layout_engine "
    "legend legend_handler markers mathtext mlab mpl_toolkits offsetbox patheffects path projections quiver sankey "
    "scale sphinxext spines table testing text texmanager textpath transforms tri type1font typing units widgets"
).split()

_PYPLOT_NAMES = (
    "acorr angle_spectrum autoscale barbs bar_label box boxplot broken_barh bxp clim cohere "
    "connect csd delaxes disconnect ecdf eventplot fignum_exists figimage figlegend findobj get_current_fig_manager "
    "getp ginput grouped_bar hexbin hist2d imread imsave magnitude_spectrum "
    "pcolor phase_spectrum pie pie_label plot_date plotfile polar psd quiverkey rgrids "
    "setp sci specgram spy stackplot stairs streamplot subplot_mosaic subplot_tool switch_backend table thetagrids "
    "tricontour tricontourf tripcolor triplot twiny violin violinplot waitforbuttonpress "
    "xcorr xkcd"
).split()

_AXES_NAMES = (
    "acorr add_artist add_collection add_container add_image add_line add_table angle_spectrum apply_aspect "
    "bar_label barbs boxplot broken_barh bxp can_pan can_zoom clabel_font cohere csd ecdf eventplot hexbin hist2d "
    "indicate_inset indicate_inset_zoom inset_axes magnitude_spectrum pcolor pcolorfast phase_spectrum pie "
    "psd quiverkey secondary_xaxis secondary_yaxis set_prop_cycle specgram spy stackplot stairs streamplot table "
    "tricontour tricontourf tripcolor triplot twiny violin violinplot xcorr get_position set_position "
    "view_init plot_surface scatter3D plot3D set_zlabel set_zlim"
).split()

_FIGURE_NAMES = (
    "add_artist add_gridspec align_labels align_titles align_xlabels align_ylabels "
    "canvas delaxes draw ginput get_layout_engine legend set_canvas subfigures subplot_mosaic "
    "waitforbuttonpress"
).split()

_NAMES = {
    "matplotlib": _MODULE_NAMES,
    "matplotlib.pyplot": _PYPLOT_NAMES,
    "Axes": _AXES_NAMES,
    "Figure": _FIGURE_NAMES,
}


class NotInLyceum(NotImplementedError, AttributeError):
    """Raised for a name that matplotlib has and Lyceum has not; a learner reads it as a NotImplementedError."""


NotInLyceum.__module__ = "builtins"
NotInLyceum.__name__ = NotInLyceum.__qualname__ = "NotImplementedError"


def absent(where, name):
    """Returns the exception for a missing name of a module or a class."""
    if name in _NAMES.get(where, ()):
        return NotInLyceum(f"{where}.{name} is not part of Lyceum yet")
    if where[:1].isupper():
        return AttributeError(f"'{where}' object has no attribute '{name}'")
    return AttributeError(f"module '{where}' has no attribute '{name}'")


def refuse_options(where, options):
    """Raises for options that nothing here knows: nothing is accepted and ignored."""
    for name in options:
        raise NotInLyceum(f"{where}: the option {name!r} is not part of Lyceum yet")


def load_submodule(package, name):
    """Imports ``package.name`` and returns it."""
    path = f"{package}.{name}"
    __import__(path)
    return sys.modules[path]


class _AbsentFinder:
    """Comes last among the finders, so that importing an absent module explains itself."""

    @staticmethod
    def find_spec(fullname, path=None, target=None):
        package, _, name = fullname.rpartition(".")
        if package == "matplotlib" and name in _MODULE_NAMES:
            raise absent(package, name)
        return None


sys.meta_path.append(_AbsentFinder)
