"""Text to quotations: a transformer that tags sources, cues and contents and links them."""
