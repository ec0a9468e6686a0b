package dev.larder.benchmarks.report;

import java.util.Locale;

/// Writes numbers for readers: three digits that count, and a unit.
final class Figures {
  private Figures() {}

  /// {@return a number such as `1.65M`, `389k`, `17.4`, `0.83`}
  static String brief(double value) {
    double size = Math.abs(value);
    if (size >= 999.5e6) {
      return digits(value / 1e9) + "G";
    }
    if (size >= 999.5e3) {
      return digits(value / 1e6) + "M";
    }
    if (size >= 9_995) {
      return digits(value / 1e3) + "k";
    }
    return digits(value);
  }

  private static String digits(double value) {
    double size = Math.abs(value);
    String format = size >= 99.95 ? "%.0f" : size >= 9.995 ? "%.1f" : "%.2f";
    return String.format(Locale.ROOT, format, value);
  }

  /// {@return a ratio such as `1.4x` or `0.0022x`}
  static String ratio(double ratio) {
    int places = ratio < 0.1 && ratio > 0 ? 1 - (int) Math.floor(Math.log10(ratio)) : 0;
    return places == 0
        ? digits(ratio) + "x"
        : String.format(Locale.ROOT, "%." + places + "fx", ratio);
  }

  /// {@return a number of keys such as `1M` or `250k`}
  static String keys(long keys) {
    if (keys % 1_000_000 == 0) {
      return keys / 1_000_000 + "M";
    }
    return keys % 1_000 == 0 ? keys / 1_000 + "k" : Long.toString(keys);
  }
}
