"""What several networks share: pieces that pay no heed to the padding beyond a clip's length."""
