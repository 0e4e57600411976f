"""config.yaml: its model, its checks, its example."""

from sync.config.load import load_config
from sync.config.schema import Config

__all__ = ["Config", "load_config"]
