from lyceum import exhibit


@exhibit.show
def boundary():
    title = ("恶性的概率与决策边界", "The probability of a malignant tumour, and the boundary of the decision")
    labels = ("worst_radius", "worst_concave_points")
    exhibit.decision_boundary(title, lambda grid: model(grid), x, y, labels)


@exhibit.show
def way_down():
    title = (
        "两个权重上的损失，和训练走过的路（偏置取训练后的值）",
        "The loss over both weights, and the way the training took (with the trained bias)",
    )
    bias, target = model.linear.bias.detach(), y.reshape(-1)

    def loss(a, b):
        z = x[:, 0] * a + x[:, 1] * b + bias
        return (z.clamp(min=0) - z * target + (1 + (-z.abs()).exp()).log()).mean()

    exhibit.loss_surface(title, loss, exhibit.path(model.linear.weight), ("w₁", "w₂"))
