"""Lists of people from XLSX and CSV files: read, compared with what is known, applied as a whole or not at all."""
