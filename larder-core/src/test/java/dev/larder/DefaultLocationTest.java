package dev.larder;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DefaultLocationTest {
  @TempDir private Path root;
  private Path home;

  @BeforeEach
  void makeHome() throws IOException {
    home = Files.createDirectory(root.resolve("home"));
  }

  private Path find(String osName, Map<String, String> environment) {
    return new DefaultLocation(osName, home, environment).find();
  }

  private Path folder(String name) throws IOException {
    return Files.createDirectories(root.resolve(name));
  }

  private void writeUserDirs(Path config, String text) throws IOException {
    Files.createDirectories(config);
    Files.writeString(config.resolve("user-dirs.dirs"), text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Linux", "Mac OS X", "Windows 11", "FreeBSD", ""})
  void theStoreIsInTheDocumentsFolder(String osName) throws IOException {
    Path documents = Files.createDirectory(home.resolve("Documents"));
    assertThat(find(osName, Map.of())).isEqualTo(documents.resolve("larder"));
    assertThat(documents.resolve("larder")).doesNotExist();
  }

  @Test
  void linuxNamesTheDocumentsFolderInTheEnvironment() throws IOException {
    Path named = folder("named");
    Files.createDirectory(home.resolve("Documents"));
    assertThat(find("Linux", Map.of("XDG_DOCUMENTS_DIR", named.toString())))
        .isEqualTo(named.resolve("larder"));
  }

  @Test
  void linuxNamesTheDocumentsFolderInAFile() throws IOException {
    Path named = Files.createDirectories(home.resolve("Dokumente"));
    writeUserDirs(
        home.resolve(".config"),
        """
        # a comment: XDG_DOCUMENTS_DIR="/nowhere"
        XDG_DESKTOP_DIR="$HOME/Schreibtisch"
          XDG_DOCUMENTS_DIR="$HOME/Dokumente"
        """);
    assertThat(find("Linux", Map.of())).isEqualTo(named.resolve("larder"));
  }

  @Test
  void theFileMayStandInAnotherFolderAndNameAnAbsolutePath() throws IOException {
    Path named = folder("papers");
    Path config = folder("config");
    writeUserDirs(config, "XDG_DOCUMENTS_DIR=\"" + named + "\"\n");
    assertThat(find("Linux", Map.of("XDG_CONFIG_HOME", config.toString())))
        .isEqualTo(named.resolve("larder"));
  }

  @Test
  void theHomeFolderAsDocumentsFolderMeansThatThereIsNone() throws IOException {
    writeUserDirs(home.resolve(".config"), "XDG_DOCUMENTS_DIR=\"$HOME/\"\n");
    assertThat(find("Linux", Map.of())).isEqualTo(home.resolve(".local/share/larder"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"relative/path", "", "\0"})
  void pathsThatAreNotAbsoluteAreIgnored(String text) throws IOException {
    Path documents = Files.createDirectory(home.resolve("Documents"));
    assertThat(find("Linux", Map.of("XDG_DOCUMENTS_DIR", text)))
        .isEqualTo(documents.resolve("larder"));
  }

  @Test
  void aFileThatIsNoTextIsIgnored() throws IOException {
    Path documents = Files.createDirectory(home.resolve("Documents"));
    Path config = Files.createDirectories(home.resolve(".config"));
    byte[] latin = "XDG_DOCUMENTS_DIR=\"/d\u00e9p\u00f4t\"".getBytes(StandardCharsets.ISO_8859_1);
    Files.write(config.resolve("user-dirs.dirs"), latin);
    assertThat(find("Linux", Map.of())).isEqualTo(documents.resolve("larder"));
  }

  @Test
  void withoutADocumentsFolderTheStoreIsAmongTheApplicationData() {
    assertThat(find("Linux", Map.of())).isEqualTo(home.resolve(".local/share/larder"));
    assertThat(find("Linux", Map.of("XDG_DATA_HOME", root.resolve("data").toString())))
        .isEqualTo(root.resolve("data/larder"));
    assertThat(find("Linux", Map.of("XDG_DATA_HOME", "relative")))
        .isEqualTo(home.resolve(".local/share/larder"));
    assertThat(find("Mac OS X", Map.of()))
        .isEqualTo(home.resolve("Library/Application Support/larder"));
    assertThat(find("Windows 11", Map.of())).isEqualTo(home.resolve("AppData/Roaming/larder"));
    assertThat(find("Windows 11", Map.of("APPDATA", root.resolve("roaming").toString())))
        .isEqualTo(root.resolve("roaming/larder"));
  }

  @Test
  void aNamedFolderThatDoesNotExistIsNone() {
    assertThat(find("Linux", Map.of("XDG_DOCUMENTS_DIR", root.resolve("gone").toString())))
        .isEqualTo(home.resolve(".local/share/larder"));
  }

  @Test
  void aFileInThePlaceOfTheDocumentsFolderIsNone() throws IOException {
    Files.createFile(home.resolve("Documents"));
    assertThat(find("Mac OS X", Map.of()))
        .isEqualTo(home.resolve("Library/Application Support/larder"));
  }

  @Test
  void otherSystemsDoNotLookAtTheVariablesOfLinux() throws IOException {
    Path named = folder("named");
    Path documents = Files.createDirectory(home.resolve("Documents"));
    assertThat(find("Mac OS X", Map.of("XDG_DOCUMENTS_DIR", named.toString())))
        .isEqualTo(documents.resolve("larder"));
  }

  @Test
  void thisUsersPlaceIsAbsolute() {
    assertThat(Larder.defaultLocation()).isAbsolute().endsWithRaw(Path.of("larder"));
  }
}
