"""The published language of Nobat: its integration events."""
