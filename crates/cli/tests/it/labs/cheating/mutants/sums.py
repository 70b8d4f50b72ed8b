# fails: mse
def mse(prediction, target):
    return ((prediction - target) ** 2).sum()
