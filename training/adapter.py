"""A low-rank adapter for the reader's encoder (Hu et al. 2021, arXiv 2106.09685)."""

from dataclasses import dataclass, field

import torch

from training.network import Network, Tensors


@dataclass(frozen=True, slots=True)
class Adapter:
    """For each matrix two thin ones, `up` and `down`, whose product is added to it; and the heads.

    Attributes:
        frozen: the matrices as they were.
        trained: `NAME.up`, `NAME.down` and `heads.NAME`.
    """

    network: Network
    rank: int
    frozen: Tensors = field(init=False)
    trained: Tensors = field(init=False)

    def __post_init__(self) -> None:
        """Begin with products of zero: the encoder as it was."""
        names = self.network.matrices
        frozen = {name: self.network.tensors[name] for name in names}
        trained = {}
        for name, matrix in frozen.items():
            outputs, inputs = matrix.shape
            trained[f"{name}.up"] = torch.zeros(outputs, self.rank)
            trained[f"{name}.down"] = torch.randn(self.rank, inputs) / inputs**0.5
        for name, tensor in self.network.heads.items():
            spread = 0.0 if name.endswith(".b") else 0.02
            trained[f"heads.{name}"] = spread * torch.randn(tensor.shape)
        for tensor in trained.values():
            tensor.requires_grad_()
        object.__setattr__(self, "frozen", frozen)
        object.__setattr__(self, "trained", trained)

    def apply(self) -> None:
        """Put the trained numbers, as they are now, into the network."""
        for name, matrix in self.frozen.items():
            product = self.trained[f"{name}.up"] @ self.trained[f"{name}.down"]
            self.network.tensors[name] = (matrix + product).to(self.network.products)
        for name in self.network.heads:
            self.network.heads[name] = self.trained[f"heads.{name}"]

    def pack(self) -> Tensors:
        """Return the trained numbers as `Network.fold` reads them, in half precision."""
        return {name: tensor.detach().half() for name, tensor in self.trained.items()}
