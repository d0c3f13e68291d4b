"""einops' own documented examples and its errors, as the einops package (0.8) answers them.

Writes einops.tsv: the expression, a tab, and shape/stride/shared/crc32 of the values as doubles, or
'!' and einops' whole message with line ends as '|'. A set of several names, whose order Python leaves
to chance, is sorted.
"""

import re
import zlib

import einops
import torch
from einops import einsum, rearrange, reduce, repeat  # noqa: F401 (used by eval)

EXAMPLES = """
arange(96).view(2,3,4,4) | rearrange(x, 'b h w c -> b h w c')
arange(96).view(2,3,4,4) | rearrange(x, 'b h w c -> b c h w')
arange(96).view(2,3,4,4) | rearrange(x, 'b h w c -> (b h) w c')
arange(96).view(2,3,4,4) | rearrange(x, 'b h w c -> h (b w) c')
arange(96).view(2,3,4,4) | rearrange(x, 'b h w c -> b (c h w)')
arange(96).view(2,4,4,3) | rearrange(x, 'b (h1 h) (w1 w) c -> (b h1 w1) h w c', h1=2, w1=2)
arange(96).view(2,4,4,3) | rearrange(x, 'b (h h1) (w w1) c -> b h w (c h1 w1)', h1=2, w1=2)
arange(96).view(2,4,4,3) | rearrange(x, 'b h w c -> b h w c 1')
arange(96).view(2,4,4,3) | rearrange(x, 'b ... -> ... b')
arange(96).view(2,4,4,3) | rearrange(x, '... c -> c (...)')
arange(96).view(2,4,4,3) | rearrange(x, 'b (h1 h2) ... -> (b h2) ... h1', h2=2)
arange(24).view(2,3,4) | rearrange(x, 'a b c -> c () b a')
arange(24).view(2,3,4) | rearrange([x, x], 'n a b c -> a (n b) c')
arange(6) | rearrange(x, '(a b) -> a b', a=2)
arange(24).view(1,2,12) | rearrange(x, '1 a (b c) -> (a b) 1 c', b=3)
arange(24).view(1,2,12) | rearrange(x, '() a b -> b a')
arange(24).float().view(2,3,4) | reduce(x, 't b c -> b c', 'max')
arange(24).float().view(2,3,4) | reduce(x, 'time batch channel -> batch channel', 'max')
arange(480).float().view(2,3,8,10) | reduce(x, 'b c (h1 h2) (w1 w2) -> b c h1 w1', 'max', h2=2, w2=2)
arange(480).float().view(2,3,8,10) | reduce(x, 'b c (h1 2) (w1 2) -> b c h1 w1', 'max')
arange(480).float().view(2,3,8,10) | reduce(x, 'b c (h1 h2) (w1 w2) -> b c h1 w1', 'min', h1=4, w1=5)
arange(64).float().view(2,2,4,4) | reduce(x, 'b c h w -> b c', 'mean')
arange(64).float().view(2,2,4,4) | x - reduce(x, 'b c h w -> 1 c 1 1', 'mean')
arange(64).float().view(2,2,4,4) | x - reduce(x, 'b c h w -> b c 1 1', 'mean')
arange(64).float().view(2,2,4,4) | x - reduce(x, 'b c h w -> b c () ()', 'mean')
arange(24).view(2,3,4) | reduce(x, 'a b c -> c a', 'sum')
arange(24).view(2,3,4) | reduce(x, '... c -> ...', 'sum')
arange(24).view(2,3,4) | reduce(x, 'a b c ->', 'sum')
arange(24).view(2,3,4) | reduce(x, 'a b c -> b', 'any')
arange(24).view(2,3,4) | reduce(x, 'a b c -> b', 'all')
arange(24).view(2,3,4) | reduce(x, 'a b c -> b', 'prod')
arange(12).view(3,4) | repeat(x, 'h w -> h w c', c=3)
arange(12).view(3,4) | repeat(x, 'h w -> (repeat h) w', repeat=2)
arange(12).view(3,4) | repeat(x, 'h w -> (h2 h) (w3 w)', h2=2, w3=3)
arange(12).view(3,4) | repeat(x, 'h w -> (h h2) (w w2)', h2=2, w2=2)
arange(12).view(3,4) | repeat(x, 'h w -> h w 3')
arange(12).view(3,4) | repeat(x, '... -> ... k', k=2)
arange(48).float().view(6,8) | repeat(reduce(x, '(h h2) (w w2) -> h w', 'mean', h2=2, w2=2), 'h w -> (h h2) (w w2)', h2=2, w2=2)
arange(24).view(2,3,4) | einsum(x, x, 'b i d, b j d -> b i j')
arange(24).view(2,3,4) | einsum(x, x.transpose(1,2), 'batch i k, batch k j -> batch i j')
arange(12).view(3,4) | einsum(x, 'row column -> column')
arange(9).view(3,3) | einsum(x, 'i i -> i')
arange(12).view(3,4) | rearrange(x, 'a b c -> c b a')
arange(12).view(3,4) | rearrange(x, 'a b -> a')
arange(12).view(3,4) | rearrange(x, 'a -> a b')
arange(12).view(3,4) | rearrange(x, 'a (b c) -> a b c')
arange(12).view(3,4) | rearrange(x, 'a (b c) -> a b c', b=3)
arange(12).view(3,4) | rearrange(x, 'a (b c) -> a b c', b=3, c=2)
arange(12).view(3,4) | rearrange(x, 'a b -> b a', c=2)
arange(12).view(3,4) | rearrange(x, 'a b -> b a', _c=2)
arange(12).view(3,4) | rearrange(x, 'a a -> a')
arange(12).view(3,4) | rearrange(x, '(a (b c)) d -> a b c d', b=3, c=2)
arange(12).view(3,4) | rearrange(x, '(a b -> a b')
arange(12).view(3,4) | rearrange(x, 'a) b -> a b')
arange(12).view(3,4) | rearrange(x, 'a b -> b a!')
arange(12).view(3,4) | rearrange(x, 'a .. -> a ..')
arange(12).view(3,4) | rearrange(x, 'a ... ... -> a ...')
arange(12).view(3,4) | rearrange(x, 'a b -> a ...')
arange(12).view(3,4) | rearrange(x, '(a ...) -> a ...')
arange(12).view(3,4) | rearrange(x, 'a b c ... -> a b c ...')
arange(12).view(3,4) | rearrange(x, 'a b -> a b 2')
arange(12).view(3,4) | rearrange(x, '2 b -> b 2')
arange(12).view(3,4) | rearrange(x, '0 b -> b')
arange(12).view(3,4) | rearrange(x, '_a b -> b _a')
arange(12).view(3,4) | rearrange(x, '2a b -> b 2a')
arange(12).view(3,4) | rearrange(x, '1 b -> b')
arange(12).view(3,4) | rearrange(x, '(a 1) b -> b a')
arange(12).view(3,4) | reduce(x, 'a b -> a', 'median')
arange(12).view(3,4) | reduce(x, 'a b -> a c', 'sum')
arange(12).view(3,4) | repeat(x, 'a b -> a b c')
arange(12).view(3,4) | repeat(x, 'a b -> a')
arange(12).view(3,4) | repeat(x, 'a b -> a b c', c=2, d=3)
""".strip().splitlines()


def sorted_set(found):
    return "{" + ", ".join(sorted(found[1].split(", "))) + "}"


def main():
    for line in EXAMPLES:
        creation, call = line.split(" | ")
        x = eval(creation, vars(torch))
        try:
            y = eval(call)
        except einops.EinopsError as error:
            answer = "!" + re.sub(r"\{('\w+'(?:, '\w+')+)\}", sorted_set,
                                  str(error).replace("\n", "|"))
        else:
            values = y.to(torch.float64).contiguous().numpy().tobytes()
            join = lambda numbers: ",".join(map(str, numbers))
            shared = int(y.untyped_storage()._cdata == x.untyped_storage()._cdata)
            answer = f"{join(y.shape)}/{join(y.stride())}/{shared}/{zlib.crc32(values):x}"
        print(f"x = {creation}; {call}\t{answer}")


if __name__ == "__main__":
    main()
