package dev.larder.stress.index;

/// What a [HashCase] does if one thing happens after the other.
public final class HashModel {
  private final int[] versions = {1, 1, 1, 1, 1, 1};
  private final boolean[] isPresent = {true, true, false, true, true, true};

  public long insert(int number) {
    if (isPresent[number]) {
      return 0;
    }
    isPresent[number] = true;
    return ++versions[number];
  }

  public long remove(int number) {
    if (!isPresent[number]) {
      return 0;
    }
    isPresent[number] = false;
    return versions[number];
  }

  public long replace(int number) {
    return isPresent[number] ? ++versions[number] : 0;
  }

  public long find(int number) {
    return isPresent[number] ? versions[number] : 0;
  }

  public boolean contains(int number) {
    return isPresent[number] && versions[number] == 2;
  }
}
