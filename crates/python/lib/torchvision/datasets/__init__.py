"""`torchvision.datasets`: data sets as torchvision loads them.

`MNIST` and `FashionMNIST` come from Lyceum's catalogue (`lyceum data pull mnist`, in a terminal), or from the original
IDX files in the folder that `root` names. `ImageFolder` reads folders of PNG and JPEG files, one for each class.
"""

from _lyceum.missing import declare

from .folder import DatasetFolder, ImageFolder, IMG_EXTENSIONS, default_loader, find_classes, make_dataset
from ._made import FakeData
from .mnist import KMNIST, MNIST, FashionMNIST
from .vision import VisionDataset

__getattr__ = declare(
    __name__,
    "CIFAR10 CIFAR100 CLEVRClassification Caltech101 Caltech256 CarlaStereo CelebA Cityscapes CocoCaptions CocoDetection "
    "Country211 DTD EMNIST ETH3DStereo EuroSAT FER2013 FGVCAircraft FallingThingsStereo Flickr30k Flickr8k Flowers102 "
    "FlyingChairs FlyingThings3D Food101 GTSRB HD1K HMDB51 INaturalist ImageNet Imagenette InStereo2k Kinetics Kitti "
    "KittiFlow LFWPairs LFWPeople LSUN LSUNClass Middlebury2014Stereo MovingMNIST Omniglot OxfordIIITPet PCAM "
    "PhotoTour Places365 QMNIST RenderedSST2 SBDataset SBU SEMEION STL10 SUN397 SVHN SceneFlowStereo Sintel SintelStereo "
    "StanfordCars UCF101 USPS VOCDetection VOCSegmentation WIDERFace wrap_dataset_for_transforms_v2 utils",
)
