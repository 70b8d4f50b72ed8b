from lyceum import exhibit


@exhibit.show
def way_down():
    title = (
        "两个权重上的损失，和训练走过的路（偏置取训练后的值）",
        "The loss over both weights, and the way the training took (with the trained bias)",
    )
    bias = model.linear.bias.detach()

    def loss(a, b):
        return ((x[:, 0] * a + x[:, 1] * b + bias - y.reshape(-1)) ** 2).mean()

    exhibit.loss_surface(title, loss, exhibit.path(model.linear.weight), ("w₁ (bmi)", "w₂ (s5)"))
