package dev.larder.cli;

import dev.larder.Expiry;
import dev.larder.Item;
import dev.larder.KeyExistsException;
import dev.larder.json.JsonText;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;

/// One line of a batch.
///
/// @param number where it stands in the file, from 1
/// @param item what it stores
record DocumentLine(long number, Item<String, JsonText> item) {
  /// What help says about lines.
  static final String FORMS =
      "Each line is {\"key\":\"...\",\"value\":...}, with \"ttl\" (seconds or a duration) or"
          + " \"expiresAt\" (an ISO instant) where the entry is to end. Blank lines are skipped;"
          + " gzip is unpacked.";

  String key() {
    return item.key();
  }

  /// {@return whether its deadline has passed}
  boolean hasEnded(long nowMillis) {
    return item.expiry() instanceof Expiry.At at && at.instant().toEpochMilli() <= nowMillis;
  }

  /// {@return which keys are in the way, with their lines}
  static String offenders(KeyExistsException failure, List<DocumentLine> lines) {
    var text = new StringBuilder();
    if (!failure.existing().isEmpty()) {
      text.append(JsonStrings.list(places(failure.existing(), lines)));
      text.append(failure.existing().size() == 1 ? " exists already" : " exist already");
    }
    if (!failure.repeated().isEmpty()) {
      text.append(text.isEmpty() ? "" : "; ");
      text.append(JsonStrings.list(places(failure.repeated(), lines)));
      text.append(failure.repeated().size() == 1 ? " is" : " are").append(" given more than once");
    }
    return text.toString();
  }

  private static List<String> places(List<String> keys, List<DocumentLine> lines) {
    var numbers = new HashMap<String, List<String>>();
    for (DocumentLine line : lines) {
      numbers.computeIfAbsent(line.key(), _ -> new ArrayList<>()).add(Long.toString(line.number()));
    }
    var places = new ArrayList<String>();
    for (String key : keys) {
      List<String> at = numbers.getOrDefault(key, List.of());
      String word = at.size() == 1 ? "line " : "lines ";
      places.add(JsonStrings.quote(key) + " (" + word + JsonStrings.list(at) + ")");
    }
    return places;
  }
}
