#!/usr/bin/env python3
"""Times PyTorch and transformers on the inputs that `bench/run inputs` wrote, for comparison with `bench/run`.

    bench/run inputs --shape medium --to inputs.safetensors
    python3 bench/peer.py bench/target/checkpoints/medium-float32 inputs.safetensors --repeats 5

Lynceus itself needs no Python. What is timed, after loading and after --warm-up runs that are not counted:

forward      the plain pass with the library's default attention and the logits of the last row alone
procedure    what the published notebook of arXiv 2411.10950 does to explain one token: a pass that keeps attention
             probabilities, values and the residual stream of every layer; what every position moves into the last row
             through every head; the log increase of every layer and head, and of every position in the best head
saliency     the gradient of a log probability with respect to what enters the decoder, one pass forward and one back
integrated   the same at 16 points of the line from the mean visual token
relevancy    gradients of a logit with respect to the attention of all layers, and the rows passed through them
relevancy8   the same for eight tokens of one pass, as for a word after the other of an answer

The last four begin with what enters the decoder; with --whole they begin with the pixels, as `run and ...` of
`bench/run gradients` does.
"""
import argparse
import contextlib
import statistics
import time

import torch
from safetensors.torch import load_file
from transformers import LlavaForConditionalGeneration

CELLS = ["forward", "procedure", "saliency", "integrated", "relevancy", "relevancy8"]


class Entered(Exception):
    """What enters the decoder is there."""


class Peer:
    def __init__(self, folder, inputs, dtype, steps, whole):
        self.ids = inputs["input_ids"].long()
        self.pixels = inputs["pixel_values"].to(dtype)
        self.logits = inputs["logits"].float()
        self.folder = folder
        self.dtype = dtype
        self.steps = steps
        self.whole = whole
        self.models = {}
        self.merged = None

    def model(self, attention):
        if attention not in self.models:
            model = LlavaForConditionalGeneration.from_pretrained(
                self.folder, dtype=self.dtype, attn_implementation=attention).eval()
            model.requires_grad_(False)
            self.models = {attention: model}
        return self.models[attention]

    def entering(self, model):
        """What enters the first layer of the decoder."""
        if self.merged is None or self.whole:
            kept = []
            decoder = model.model.language_model
            hook = decoder.register_forward_pre_hook(
                lambda _, args, named: kept.append(named["inputs_embeds"]), with_kwargs=True)
            # The layers themselves are of no use here: the pass ends where they begin.
            stop = decoder.layers[0].register_forward_pre_hook(Peer.end)
            with torch.no_grad(), contextlib.suppress(Entered):
                model(input_ids=self.ids, pixel_values=self.pixels, logits_to_keep=1)
            stop.remove()
            hook.remove()
            self.merged = kept[0].detach()
        return self.merged

    @staticmethod
    def end(*_):
        raise Entered

    def last_logits(self, model, x, **more):
        out = model.model.language_model(inputs_embeds=x, use_cache=False, **more)
        return model.lm_head(out.last_hidden_state[:, -1]), out

    def forward(self):
        model = self.model("sdpa")
        with torch.no_grad():
            out = model(input_ids=self.ids, pixel_values=self.pixels, logits_to_keep=1)
        return out.logits[0, -1].float()

    def procedure(self):
        model = self.model("eager")
        text = model.config.text_config
        heads = text.num_attention_heads
        width = text.hidden_size // heads
        layers = model.model.language_model.layers
        values, hooks = [], []
        for layer in layers:
            hooks.append(layer.self_attn.v_proj.register_forward_hook(
                lambda module, args, output: values.append(output[0])))
        final = []
        norm = model.model.language_model.norm
        hooks.append(norm.register_forward_pre_hook(lambda module, args: final.append(args[0][0, -1])))
        with torch.no_grad():
            out = model(input_ids=self.ids, pixel_values=self.pixels, output_attentions=True,
                        output_hidden_states=True)
            for hook in hooks:
                hook.remove()
            target = int(out.logits[0, -1].argmax())
            streams = [h[0, -1] for h in out.hidden_states[:-1]]
            scale = norm.weight / torch.sqrt(final[0].pow(2).mean() + 1e-6)

            def log_probability(rows):
                return torch.log_softmax((rows * scale) @ model.lm_head.weight.T, -1)[:, target]

            best = None
            for l, layer in enumerate(layers):
                pattern = out.attentions[l][0, :, -1]  # [heads, T]
                value = values[l].view(-1, heads, width).permute(1, 0, 2)  # [heads, T, width]
                weight = layer.self_attn.o_proj.weight.T.view(heads, width, -1)
                moved = torch.bmm(pattern.unsqueeze(-1) * value, weight)  # [heads, T, model]
                whole = moved.sum(1)
                base = log_probability(streams[l].unsqueeze(0))
                gained = log_probability(streams[l] + whole) - base
                head = int(gained.argmax())
                if best is None or float(gained[head]) > best[0]:
                    best = (float(gained[head]), l, head, moved[head], base)
            _, l, head, moved, base = best
            increases = log_probability(streams[l] + moved) - base
        return increases

    def slope(self, model, x):
        leaf = x.clone().requires_grad_(True)
        logits, _ = self.last_logits(model, leaf)
        target = int(self.logits.reshape(-1).argmax())
        value = torch.log_softmax(logits, -1)[0, target]
        return torch.autograd.grad(value, leaf)[0]

    def saliency(self):
        model = self.model("sdpa")
        return self.slope(model, self.entering(model))

    def integrated(self):
        steps = self.steps
        model = self.model("sdpa")
        x = self.entering(model)
        image = (self.ids[0] == model.config.image_token_id).nonzero().flatten()
        start = x.clone()
        start[0, image] = x[0, image].mean(0)
        total = torch.zeros_like(x)
        for i in range(steps):
            total += self.slope(model, start + (x - start) * ((i + 0.5) / steps))
        return total / steps * (x - start)

    def relevancy(self, tokens=1):
        model = self.model("eager")
        leaf = self.entering(model).clone().requires_grad_(True)
        out = model.model.language_model(inputs_embeds=leaf, use_cache=False, output_attentions=True)
        target = int(self.logits.reshape(-1).argmax())
        length = leaf.shape[1]
        found = []
        for row in range(length - tokens, length):
            logit = model.lm_head(out.last_hidden_state[:, row])[0, target]
            slopes = torch.autograd.grad(logit, out.attentions, retain_graph=row < length - 1)
            with torch.no_grad():
                rows = torch.eye(length, dtype=leaf.dtype)[row:row + 1]
                for pattern, slope in zip(reversed(out.attentions), reversed(slopes)):
                    rows = rows + rows @ (pattern * slope).clamp(min=0).mean(1)[0]
            found.append(rows)
        return found

    def relevancy8(self):
        return self.relevancy(8)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkpoint")
    parser.add_argument("inputs")
    parser.add_argument("--cells", default="all", help="separated by commas: " + ", ".join(CELLS))
    parser.add_argument("--dtype", default="float32")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--warm-up", type=int, default=1)
    parser.add_argument("--steps", type=int, default=16, help="points of integrated gradients")
    parser.add_argument("--whole", action="store_true", help="gradients begin with the pixels")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    peer = Peer(options.checkpoint, load_file(options.inputs), getattr(torch, options.dtype),
                options.steps, options.whole)
    cells = CELLS if options.cells == "all" else options.cells.split(",")
    print(f"torch {torch.__version__} · {options.dtype} · {options.threads} threads")
    for name in cells:
        run = getattr(peer, name)
        first = None
        for _ in range(options.warm_up):
            first = run()
        if name == "forward" and first is not None:
            gap = (first - peer.logits.reshape(-1)).abs().max()
            print(f"largest difference of the logits: {gap:.3g} at values up to {peer.logits.abs().max():.3g}")
        wall, processor = [], []
        for _ in range(options.repeats):
            start, spent = time.perf_counter(), time.process_time()
            run()
            wall.append(time.perf_counter() - start)
            processor.append(time.process_time() - spent)
        print(f"{name:12} median {statistics.median(wall) * 1e3:10.1f} ms   min {min(wall) * 1e3:10.1f}   "
              f"processor, median {statistics.median(processor) * 1e3:10.1f}")


if __name__ == "__main__":
    main()
