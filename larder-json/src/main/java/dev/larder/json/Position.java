package dev.larder.json;

/// A place in text as people count: lines and characters from 1. A line ends with `\n`, `\r` or
/// both; a byte order mark in front takes no place.
record Position(int line, int column) {
  static Position of(byte[] utf8, int offset) {
    int line = 1;
    int column = 1;
    for (int i = Utf8.byteOrderMarkSize(utf8); i < offset; i++) {
      byte b = utf8[i];
      boolean endsLine = b == '\n' || (b == '\r' && !(i + 1 < utf8.length && utf8[i + 1] == '\n'));
      if (endsLine) {
        line++;
        column = 1;
      } else if (!Utf8.isContinuation(b)) {
        column++;
      }
    }
    return new Position(line, column);
  }

  String text() {
    return " at line " + line + ", column " + column;
  }
}
