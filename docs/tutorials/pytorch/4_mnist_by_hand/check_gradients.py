"""Gradients by hand beside differences, in float64."""
import torch


# Compares the gradients of f() with central differences, at up to 50 elements of each tensor.
def check_gradients(name, tensors, grads, f):
    step = 1e-6
    count, largest = 0, 0.0
    for x, grad in zip(tensors, grads):
        elements, grad = x.view(-1), grad.flatten()
        for at in torch.randperm(elements.shape[0])[:50]:
            element = elements[at]
            element.add_(step)
            above = f().item()
            element.sub_(2 * step)
            below = f().item()
            element.add_(step)
            difference = (above - below) / (2 * step)
            error = abs(grad[at].item() - difference) / max(1, abs(difference))
            largest = max(largest, error)
            count += 1
    print(f"{name}: {count} gradients, largest error {largest:.1e}")


# The gradients of sum(forward(x) * r), for the input and all parameters.
def check_layer(name, layer, shape):
    for p in layer.parameters:
        p.data = p.double()
    x = torch.randn(shape).double()
    r = torch.randn(layer.forward(x).shape).double()
    x_grad = layer.backward(r)
    f = lambda: (layer.forward(x) * r).sum()
    check_gradients(name, [x, *layer.parameters], [x_grad, *layer.grads], f)


def check_loss(name, criterion):
    output = torch.randn(4, 10).double()
    target = torch.randint(0, 10, (4,))
    f = lambda: criterion.forward(output, target)
    f()
    check_gradients(name, [output], [criterion.backward()], f)
