"""What ./bench.sh gpu times, in PyTorch on the same card: python3 Bench/Peers/gpu_torch.py

Same shapes, same order, the device waited for before and after; median of the repeats. Needs PyTorch with CUDA.
"""
import statistics
import sys
import time

try:
    import torch
except ImportError:
    sys.exit("error: PyTorch is not installed (import torch fails); install a build with CUDA, then run this again.")
if not torch.cuda.is_available():
    sys.exit("error: PyTorch finds no CUDA device here; run this on the machine with the card.")

SIZE, TIME, FEATURES, HIDDEN, CLIPS, BASELINES, STEPS, BATCH = 4096, 20, 936, 64, 4096, 5, 50, 512
card = torch.device("cuda")
torch.manual_seed(1)


def row(name, repeats, work):
    for _ in range(2):
        work()
    seconds = []
    for _ in range(repeats):
        torch.cuda.synchronize()
        start = time.perf_counter()
        work()
        torch.cuda.synchronize()
        seconds.append(time.perf_counter() - start)
    print(f"{name:<44} {statistics.median(seconds) * 1e3:10.3f}", flush=True)


class Network(torch.nn.Module):
    """LSTM, mean over time, one logit."""

    def __init__(self):
        super().__init__()
        self.recurrent = torch.nn.LSTM(FEATURES, HIDDEN, batch_first=True)
        self.readout = torch.nn.Linear(HIDDEN, 1)

    def forward(self, clips):
        return self.readout(self.recurrent(clips)[0].mean(1)).squeeze(1)


def products():
    a, b = (torch.rand(SIZE, SIZE, device=card) * 2 - 1 for _ in range(2))
    for name, allowed in (("float32", False), ("tf32", True)):
        torch.backends.cuda.matmul.allow_tf32 = allowed
        row(f"product {SIZE}, {name}", 20, lambda: a @ b)
    torch.backends.cuda.matmul.allow_tf32 = False
    c, d = a.bfloat16(), b.bfloat16()
    row(f"product {SIZE}, bf16", 20, lambda: c @ d)


def attribution(network):
    """Integrated Gradients as Captum computes them: every step of every path through the whole network, in batches the card holds."""
    clips = torch.rand(CLIPS, TIME, FEATURES) * 2 - 1
    baselines = torch.rand(BASELINES, TIME, FEATURES, device=card) * 2 - 1
    positions = (torch.arange(STEPS, device=card) + 0.5) / STEPS
    at_once = 32

    def work():
        for first in range(0, CLIPS, at_once):
            some = clips[first : first + at_once].to(card)
            difference = some[:, None] - baselines[None]
            points = baselines[None, :, None] + positions[None, None, :, None, None] * difference[:, :, None]
            points = points.reshape(-1, TIME, FEATURES).requires_grad_()
            gradient = torch.autograd.grad(network(points).sum(), points)[0]
            total = gradient.reshape(*difference.shape[:2], STEPS, TIME, FEATURES).mean(2) * difference
            total.cpu()

    row(f"attribution, {CLIPS} clips x {BASELINES} x {STEPS} steps, lstm", 3, work)


def epoch(network):
    clips = (torch.rand(CLIPS, TIME, FEATURES) * 2 - 1).to(card)
    labels = (torch.arange(CLIPS) % 2).float().to(card)
    optimiser = torch.optim.AdamW(network.parameters(), lr=1e-3)
    loss = torch.nn.BCEWithLogitsLoss()

    def work():
        order = torch.randperm(CLIPS, device=card)
        for first in range(0, CLIPS, BATCH):
            some = order[first : first + BATCH]
            optimiser.zero_grad()
            loss(network(clips[some]), labels[some]).backward()
            optimiser.step()

    row(f"training epoch, {CLIPS} clips, batch {BATCH}, lstm", 5, work)


print(f"PyTorch {torch.__version__} on {torch.cuda.get_device_name()}; float32 recurrences: torch.backends.cudnn.allow_tf32 = False")
torch.backends.cudnn.allow_tf32 = False
print(f"{'work':<44} {'median ms':>10}")
products()
network = Network().to(card)
attribution(network)
epoch(network)
