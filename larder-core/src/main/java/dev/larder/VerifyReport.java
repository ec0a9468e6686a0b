package dev.larder;

import java.util.List;

/// What reading and checking a whole store found.
///
/// @param files how many files were read
/// @param bytes how many bytes were checked
/// @param commits how many commits were read
/// @param entries how many entries are live
/// @param findings everything that is wrong; empty if the store is sound
/// @param remarks what is odd and harmless, such as a torn tail or a file that is not the store's
public record VerifyReport(
    long files,
    long bytes,
    long commits,
    long entries,
    List<Finding> findings,
    List<String> remarks) {
  /// Copies the lists.
  public VerifyReport {
    findings = List.copyOf(findings);
    remarks = List.copyOf(remarks);
  }

  /// {@return whether nothing is wrong}
  public boolean isSound() {
    return findings.isEmpty();
  }

  /// Something that is wrong.
  ///
  /// @param file the name of the file in the store's directory
  /// @param position the byte in it where it shows
  /// @param reason what does not fit
  public record Finding(String file, long position, String reason) {}
}
