"""Who is trained on, validated on and tested on, and the proof that nothing leaks."""
