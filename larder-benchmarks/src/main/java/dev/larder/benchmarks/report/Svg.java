package dev.larder.benchmarks.report;

import com.google.errorprone.annotations.FormatMethod;
import java.util.Locale;

/// A drawing, with a white ground so that it can be read on any page.
///
/// **Threads.** For one thread.
final class Svg {
  static final String INK = "#1f2933";
  static final String PALE = "#7b8794";
  static final String GRID = "#e4e7eb";

  /// Where a text is fixed to its place.
  enum Anchor {
    START,
    MIDDLE,
    END
  }

  private final StringBuilder body = new StringBuilder();
  private final double width;
  private final double height;

  Svg(double width, double height) {
    this.width = width;
    this.height = height;
  }

  void rectangle(double x, double y, double wide, double high, String color) {
    add(
        "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" rx=\"2\" fill=\"%s\"/>",
        x, y, wide, high, color);
  }

  void line(double x1, double y1, double x2, double y2, String color) {
    add(
        "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"%s\" stroke-width=\"1\"/>",
        x1, y1, x2, y2, color);
  }

  void path(String points, String color, double stroke, String dashes) {
    add(
        "<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"%.1f\""
            + " stroke-dasharray=\"%s\" stroke-linejoin=\"round\"/>",
        points, color, stroke, dashes);
  }

  void dot(double x, double y, String color) {
    add("<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3\" fill=\"%s\"/>", x, y, color);
  }

  void text(double x, double y, int size, String color, Anchor anchor, String text) {
    text(x, y, size, color, anchor, false, text);
  }

  void bold(double x, double y, int size, String color, String text) {
    text(x, y, size, color, Anchor.START, true, text);
  }

  private void text(
      double x, double y, int size, String color, Anchor anchor, boolean isBold, String text) {
    add(
        "<text x=\"%.1f\" y=\"%.1f\" font-size=\"%d\" fill=\"%s\" text-anchor=\"%s\"%s>%s</text>",
        x,
        y,
        size,
        color,
        anchor.name().toLowerCase(Locale.ROOT),
        isBold ? " font-weight=\"bold\"" : "",
        text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"));
  }

  @FormatMethod
  private void add(String format, Object... arguments) {
    body.append(String.format(Locale.ROOT, format, arguments)).append('\n');
  }

  @Override
  public String toString() {
    return String.format(
            Locale.ROOT,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %.0f %.0f\" width=\"%.0f\""
                + " height=\"%.0f\" font-family=\"Helvetica, Arial, sans-serif\">%n"
                + "<rect width=\"100%%\" height=\"100%%\" fill=\"#ffffff\"/>%n",
            width,
            height,
            width,
            height)
        + body
        + "</svg>\n";
  }
}
