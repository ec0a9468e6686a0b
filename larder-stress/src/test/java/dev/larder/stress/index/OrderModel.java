package dev.larder.stress.index;

/// What an [OrderCase] does if one thing happens after the other.
public final class OrderModel {
  private final boolean[] isPresent = {true, true, false, true, true, true};
  private long size;

  public boolean insert(int number) {
    boolean isNew = !isPresent[number];
    isPresent[number] = true;
    size += isNew ? 1 : 0;
    return isNew;
  }

  public boolean remove(int number) {
    boolean isRemoved = isPresent[number];
    isPresent[number] = false;
    size -= isRemoved ? 1 : 0;
    return isRemoved;
  }

  public boolean contains(int number) {
    return isPresent[number];
  }

  public long size() {
    return size;
  }

  public String walkUp() {
    return "";
  }

  public String walkDown() {
    return "";
  }
}
