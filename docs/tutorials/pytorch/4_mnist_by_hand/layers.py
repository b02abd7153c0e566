"""The layers of the network by hand, and the loss."""
import torch
import torch.nn.functional as F


# A layer keeps in forward() what backward() needs. backward() is given the gradient of the output, leaves
# the gradients of the parameters in `grads`, and returns the gradient of the input.
class Layer:
    def __init__(self):
        self.parameters = []
        self.grads = []


class Conv(Layer):
    def __init__(self, in_channels, out_channels, kernel_size):
        super().__init__()
        self.kernel_size = kernel_size
        fan_in = in_channels * kernel_size * kernel_size
        weight = torch.randn(out_channels, fan_in) * (2 / fan_in) ** 0.5
        bias = torch.zeros(out_channels, 1)
        self.parameters = [weight, bias]

    def forward(self, x):
        weight, bias = self.parameters
        n, _, h, w = x.shape
        self.image_size = (h, w)
        # Each patch under the kernel becomes a column: [n, in_channels * 25, patches].
        self.columns = F.unfold(x, self.kernel_size)
        y = weight @ self.columns + bias
        return y.reshape(n, -1, h - self.kernel_size + 1, w - self.kernel_size + 1)

    def backward(self, g):
        weight, _ = self.parameters
        g = g.flatten(2)
        weight_grad = (g @ self.columns.transpose(1, 2)).sum(0)
        bias_grad = g.sum((0, 2)).unsqueeze(1)
        self.grads = [weight_grad, bias_grad]
        columns_grad = weight.t() @ g
        return F.fold(columns_grad, self.image_size, self.kernel_size)


class MaxPool(Layer):
    def forward(self, x):
        n, c, h, w = x.shape
        self.image_size = (h, w)
        windows = F.unfold(x, 2, stride=2).reshape(n, c, 4, -1)
        values, self.index = windows.max(2, True)
        return values.reshape(n, c, h // 2, w // 2)

    def backward(self, g):
        n, c = g.shape[:2]
        # The largest of the four gets all of the gradient.
        is_largest = torch.arange(4).reshape(4, 1) == self.index
        windows = (g.reshape(n, c, 1, -1) * is_largest).reshape(n, c * 4, -1)
        return F.fold(windows, self.image_size, 2, stride=2)


class Sigmoid(Layer):
    def forward(self, x):
        self.y = 1 / (1 + torch.exp(-x))
        return self.y

    def backward(self, g):
        return g * self.y * (1 - self.y)


class ReLU(Layer):
    def forward(self, x):
        self.is_positive = x > 0
        return x * self.is_positive

    def backward(self, g):
        return g * self.is_positive


class Flatten(Layer):
    def forward(self, x):
        self.shape = x.shape
        return x.flatten(1)

    def backward(self, g):
        return g.reshape(self.shape)


class Linear(Layer):
    def __init__(self, in_features, out_features):
        super().__init__()
        weight = torch.randn(out_features, in_features) * (2 / in_features) ** 0.5
        bias = torch.zeros(out_features)
        self.parameters = [weight, bias]

    def forward(self, x):
        weight, bias = self.parameters
        self.x = x
        return x @ weight.t() + bias

    def backward(self, g):
        weight, _ = self.parameters
        self.grads = [g.t() @ self.x, g.sum(0)]
        return g @ weight


class Sequential(Layer):
    def __init__(self, *layers):
        super().__init__()
        self.layers = layers
        self.parameters = [p for layer in layers for p in layer.parameters]

    def forward(self, x):
        for layer in self.layers:
            x = layer.forward(x)
        return x

    def backward(self, g):
        for layer in reversed(self.layers):
            g = layer.backward(g)
        self.grads = [g for layer in self.layers for g in layer.grads]
        return g


class CrossEntropyLoss:
    def forward(self, output, target):
        shifted = output - output.amax(1, True)
        self.log_softmax = shifted - torch.log(shifted.exp().sum(1, True))
        self.target = F.one_hot(target, 10)
        return -(self.log_softmax * self.target).sum(1).mean()

    def backward(self):
        return (self.log_softmax.exp() - self.target) / self.target.shape[0]
