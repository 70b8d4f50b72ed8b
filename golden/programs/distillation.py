# Knowledge distillation: a large teacher, a small student, soft targets with a temperature, cosine of features.
import torch
import torch.nn as nn
import torch.nn.functional as F
import torch.optim as optim

torch.manual_seed(42)
centers = torch.randn(5, 20)
y_train, y_test = torch.randint(0, 5, (200,)), torch.randint(0, 5, (100,))
x_train, x_test = centers[y_train] + torch.randn(200, 20), centers[y_test] + torch.randn(100, 20)
train_loader = torch.utils.data.DataLoader(torch.utils.data.TensorDataset(x_train, y_train), batch_size=40, shuffle=True)


class Net(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.features = nn.Sequential(nn.Linear(20, width), nn.ReLU(), nn.Dropout(0.1), nn.Linear(width, 16), nn.ReLU())
        self.classifier = nn.Linear(16, 5)

    def forward(self, x):
        hidden = self.features(x)
        return self.classifier(hidden), hidden


def train(model, epochs, learning_rate):
    criterion, optimizer = nn.CrossEntropyLoss(), optim.Adam(model.parameters(), lr=learning_rate)
    model.train()
    for epoch in range(epochs):
        running_loss = 0.0
        for inputs, labels in train_loader:
            optimizer.zero_grad()
            loss = criterion(model(inputs)[0], labels)
            loss.backward()
            optimizer.step()
            running_loss += loss.item()
        print(f"Epoch {epoch+1}/{epochs}, Loss: {running_loss / len(train_loader):.4f}")


def train_knowledge_distillation(teacher, student, epochs, learning_rate, T, soft_target_loss_weight, ce_loss_weight):
    ce_loss, mse = nn.CrossEntropyLoss(), nn.CosineEmbeddingLoss()
    optimizer = optim.Adam(student.parameters(), lr=learning_rate)
    teacher.eval()
    student.train()
    for epoch in range(epochs):
        running_loss = 0.0
        for inputs, labels in train_loader:
            optimizer.zero_grad()
            with torch.no_grad():
                teacher_logits, teacher_hidden = teacher(inputs)
            student_logits, student_hidden = student(inputs)
            soft_targets = nn.functional.softmax(teacher_logits / T, dim=-1)
            soft_prob = nn.functional.log_softmax(student_logits / T, dim=-1)
            soft_targets_loss = torch.sum(soft_targets * (soft_targets.log() - soft_prob)) / soft_prob.size()[0] * (T**2)
            kl = F.kl_div(soft_prob, soft_targets, reduction="batchmean") * T**2
            assert torch.allclose(kl, soft_targets_loss, atol=1e-5)
            hidden_loss = mse(student_hidden, teacher_hidden, target=torch.ones(inputs.size(0)))
            label_loss = ce_loss(student_logits, labels)
            loss = soft_target_loss_weight * soft_targets_loss + ce_loss_weight * label_loss + 0.1 * hidden_loss
            loss.backward()
            optimizer.step()
            running_loss += loss.item()
        print(f"Epoch {epoch+1}/{epochs}, Loss: {running_loss / len(train_loader):.4f}")


@torch.no_grad()
def test(model):
    model.eval()
    accuracy = 100 * (model(x_test)[0].max(1)[1] == y_test).sum().item() / len(y_test)
    print(f"Test Accuracy: {accuracy:.2f}%")
    return accuracy


nn_deep, nn_light = Net(64), Net(4)
print("DeepNN parameters: {:,}  LightNN parameters: {:,}".format(*(sum(p.numel() for p in m.parameters()) for m in (nn_deep, nn_light))))
train(nn_deep, 6, 0.01)
test(nn_deep)
new_nn_light = Net(4)
new_nn_light.load_state_dict(nn_light.state_dict())
print("Norm of 1st layer of nn_light:", torch.norm(nn_light.features[0].weight).item())
print("Norm of 1st layer of new_nn_light:", torch.norm(new_nn_light.features[0].weight).item())
train(nn_light, 5, 0.01)
test(nn_light)
train_knowledge_distillation(nn_deep, new_nn_light, 5, 0.01, T=2, soft_target_loss_weight=0.25, ce_loss_weight=0.75)
test(new_nn_light)
