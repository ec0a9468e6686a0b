package dev.larder.benchmarks.results;

import dev.larder.benchmarks.peer.Level;
import dev.larder.benchmarks.peer.Peer;
import java.util.List;

/// What the report says of a peer.
///
/// @param id its short name
/// @param title its name
/// @param version the version of its artifact, empty where there is none
/// @param isOrdered whether its keys have an order
/// @param isPersistent whether it keeps anything; what does not is no competitor
/// @param survivesKill whether it claims that what had been written is there after a kill
/// @param processMode how it is set up where writes are not forced
/// @param deviceMode how it is set up where they are
/// @param jvmOptions what its JVM needs
public record PeerText(
    String id,
    String title,
    String version,
    boolean isOrdered,
    boolean isPersistent,
    boolean survivesKill,
    String processMode,
    String deviceMode,
    List<String> jvmOptions) {
  /// {@return what there is to say of a peer}
  public static PeerText of(Peer peer, String version) {
    return new PeerText(
        peer.id(),
        peer.title(),
        version,
        peer.features().contains(Peer.Feature.ORDER),
        peer.features().contains(Peer.Feature.PERSISTENCE),
        peer.features().contains(Peer.Feature.SURVIVES_KILL),
        peer.mode(Level.PROCESS),
        peer.mode(Level.DEVICE),
        peer.jvmOptions());
  }
}
