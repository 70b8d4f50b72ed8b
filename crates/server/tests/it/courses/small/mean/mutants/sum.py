# fails: value, others
def mean(numbers):
    return sum(numbers)
