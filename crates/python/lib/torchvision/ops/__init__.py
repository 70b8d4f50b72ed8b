"""`torchvision.ops`: boxes, and what detection does with them. A box is `(x1, y1, x2, y2)`."""

from _lyceum.missing import declare

from .boxes import (
    batched_nms, box_area, box_convert, box_iou, clip_boxes_to_image, complete_box_iou, distance_box_iou,
    generalized_box_iou, masks_to_boxes, nms, remove_small_boxes,
)
from .losses import complete_box_iou_loss, distance_box_iou_loss, generalized_box_iou_loss, sigmoid_focal_loss

__getattr__ = declare(
    __name__,
    "Conv2dNormActivation Conv3dNormActivation DeformConv2d DropBlock2d DropBlock3d FeaturePyramidNetwork "
    "FrozenBatchNorm2d MLP MultiScaleRoIAlign PSRoIAlign PSRoIPool Permute RoIAlign RoIPool SqueezeExcitation "
    "StochasticDepth deform_conv deform_conv2d drop_block2d drop_block3d feature_pyramid_network misc poolers ps_roi_align "
    "ps_roi_pool roi_align roi_pool stochastic_depth",
)
