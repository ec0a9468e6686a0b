package dev.larder;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Where the store is that was opened without a path: `larder` inside the user's documents folder;
/// where there is none, inside the platform's folder for application data.
///
/// On Linux the documents folder is `XDG_DOCUMENTS_DIR` as the environment or `user-dirs.dirs` say,
/// else `Documents` in the home folder (freedesktop.org's xdg-user-dirs and Base Directory
/// Specification).
///
/// @param osName the name of the operating system, as the property `os.name` has it
/// @param home the user's home folder
/// @param environment the environment variables
record DefaultLocation(String osName, Path home, Map<String, String> environment) {
  private static final String FOLDER = "larder";
  private static final String DOCUMENTS = "Documents";
  private static final String XDG_DOCUMENTS = "XDG_DOCUMENTS_DIR";

  static DefaultLocation ofThisUser() {
    String osName = System.getProperty("os.name", "");
    // The JVM takes the home folder from the list of users; a shell's user means the variable.
    String home = System.getenv("HOME");
    boolean isSet = home != null && home.startsWith("/");
    return new DefaultLocation(
        osName, Path.of(isSet ? home : System.getProperty("user.home", "")), System.getenv());
  }

  Path find() {
    Path documents = documents();
    Path parent = Files.isDirectory(documents) ? documents : applicationData();
    return parent.resolve(FOLDER).toAbsolutePath();
  }

  private Path documents() {
    if (isLinux()) {
      Path named = path(environment.get(XDG_DOCUMENTS));
      if (named == null) {
        named = fromUserDirs();
      }
      if (named != null && !named.equals(home)) { // the home folder itself means "no such folder"
        return named;
      }
    }
    return home.resolve(DOCUMENTS);
  }

  private Path applicationData() {
    if (isWindows()) {
      Path data = path(environment.get("APPDATA"));
      return data == null ? home.resolve("AppData").resolve("Roaming") : data;
    }
    if (isMac()) {
      return home.resolve("Library").resolve("Application Support");
    }
    Path data = path(environment.get("XDG_DATA_HOME"));
    return data == null ? home.resolve(".local").resolve("share") : data;
  }

  private @Nullable Path fromUserDirs() {
    Path config = path(environment.get("XDG_CONFIG_HOME"));
    Path file = (config == null ? home.resolve(".config") : config).resolve("user-dirs.dirs");
    try {
      for (String line : Files.readAllLines(file)) {
        String trimmed = line.strip();
        if (trimmed.startsWith(XDG_DOCUMENTS + "=")) {
          String value = trimmed.substring(XDG_DOCUMENTS.length() + 1).replace("\"", "");
          return path(value.replace("$HOME", home.toString()));
        }
      }
    } catch (IOException | RuntimeException _) {
      return null; // no such file, or none that can be read: the folder's usual name decides
    }
    return null;
  }

  private static @Nullable Path path(@Nullable String text) {
    if (text == null || text.isEmpty()) {
      return null;
    }
    try {
      Path path = Path.of(text);
      return path.isAbsolute() ? path : null; // the specification says to ignore relative ones
    } catch (InvalidPathException _) {
      return null;
    }
  }

  private boolean isWindows() {
    return osName.toLowerCase(Locale.ROOT).startsWith("windows");
  }

  private boolean isMac() {
    return osName.toLowerCase(Locale.ROOT).startsWith("mac");
  }

  private boolean isLinux() {
    return !isWindows() && !isMac();
  }
}
