"""Letters become words: one folder of templates a language, dates as the reader writes them."""
