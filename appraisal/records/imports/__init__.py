"""Tables of figures from XLSX and CSV files, read with what the people room reads its lists with."""
