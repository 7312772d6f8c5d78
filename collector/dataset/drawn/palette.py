"""Colours of the drawing, in sRGB from 0 to 255."""

Colour = tuple[float, float, float]

WHITE: Colour = (255, 255, 255)
BLACK: Colour = (0, 0, 0)


def mix(a: Colour, b: Colour, share: float) -> Colour:
    """`share` of `b` stirred into `a`."""
    return (
        a[0] + (b[0] - a[0]) * share,
        a[1] + (b[1] - a[1]) * share,
        a[2] + (b[2] - a[2]) * share,
    )


def shade_of(skin: Colour) -> Colour:
    """The skin in shadow: darker and redder, as blood makes it."""
    return (skin[0] * 0.66, skin[1] * 0.54, skin[2] * 0.5)


def gleam_of(skin: Colour) -> Colour:
    """The skin where light strikes it squarely; the darker it is, the more its sheen stands out."""
    return mix(skin, (255, 222, 188), 0.25 + 0.16 * (1 - skin[1] / 211))
