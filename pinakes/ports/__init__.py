"""What Pinakes needs from the outside, as small async protocols over core values."""
