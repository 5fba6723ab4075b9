"""Everything that imports Qt: the window, the strip, the tray, and the bridge that feeds them."""
