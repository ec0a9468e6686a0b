package dev.larder.internal.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TreeTest {
  private static Bytes key(int number) {
    return Bytes.wrap(new byte[] {(byte) (number >> 8), (byte) number});
  }

  private static <V> List<Bytes> keys(Tree<V> tree) {
    var keys = new ArrayList<Bytes>();
    for (Tree.Node<V> n = tree.first(); n != null; n = tree.above(n.key, false)) {
      keys.add(n.key);
    }
    return keys;
  }

  private static <V> Bytes keyOf(Tree.Node<V> node) {
    return node == null ? null : node.key;
  }

  @Test
  void anEmptyTreeHasNothing() {
    Tree<String> tree = Tree.empty();
    assertThat(tree.get(key(1))).isNull();
    assertThat(tree.first()).isNull();
    assertThat(tree.last()).isNull();
    assertThat(tree.above(key(0), true)).isNull();
    assertThat(tree.below(key(9))).isNull();
    assertThat(tree.without(key(1))).isSameAs(tree);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void aTreeDoesWhatATreeMapDoes(long seed) {
    var random = new Random(seed);
    var model = new TreeMap<Bytes, Integer>();
    Tree<Integer> tree = Tree.empty();
    for (int i = 0; i < 20_000; i++) {
      Bytes key = key(random.nextInt(500));
      if (random.nextInt(5) < 3) {
        tree = tree.with(key, i);
        model.put(key, i);
      } else {
        tree = tree.without(key);
        model.remove(key);
      }
      Bytes probe = key(random.nextInt(500));
      assertThat(tree.get(probe)).isEqualTo(model.get(probe));
      assertThat(keyOf(tree.above(probe, true))).isEqualTo(model.ceilingKey(probe));
      assertThat(keyOf(tree.above(probe, false))).isEqualTo(model.higherKey(probe));
      assertThat(keyOf(tree.below(probe))).isEqualTo(model.lowerKey(probe));
    }
    assertThat(keys(tree)).containsExactlyElementsOf(model.keySet());
    assertThat(keyOf(tree.first())).isEqualTo(model.firstKey());
    assertThat(keyOf(tree.last())).isEqualTo(model.lastKey());
  }

  @Test
  void aTreeStaysBalancedHoweverKeysComeAndGo() {
    Tree<Integer> rising = Tree.empty();
    Tree<Integer> falling = Tree.empty();
    for (int i = 0; i < 20_000; i++) {
      rising = rising.with(key(i), i);
      falling = falling.with(key(20_000 - i), i);
    }
    // An AVL tree of n nodes is at most 1.44 log2(n) high: 20.6 for 20,000 nodes.
    assertThat(rising.height()).isLessThanOrEqualTo(20);
    assertThat(falling.height()).isLessThanOrEqualTo(20);
    for (int i = 0; i < 19_000; i++) {
      rising = rising.without(key(i));
    }
    assertThat(rising.height()).isLessThanOrEqualTo(14);
  }

  @Test
  void aChangeLeavesTheTreeBeforeItAsItWas() {
    var random = new Random(4);
    var trees = new ArrayList<Tree<Integer>>();
    var models = new ArrayList<Map<Bytes, Integer>>();
    Tree<Integer> tree = Tree.empty();
    var model = new TreeMap<Bytes, Integer>();
    for (int i = 0; i < 300; i++) {
      Bytes key = key(random.nextInt(60));
      if (random.nextBoolean()) {
        tree = tree.with(key, i);
        model.put(key, i);
      } else {
        tree = tree.without(key);
        model.remove(key);
      }
      trees.add(tree);
      models.add(new TreeMap<>(model));
    }
    for (int i = 0; i < trees.size(); i++) {
      Tree<Integer> old = trees.get(i);
      assertThat(keys(old)).containsExactlyElementsOf(models.get(i).keySet());
      models.get(i).forEach((key, value) -> assertThat(old.get(key)).isEqualTo(value));
    }
  }
}
