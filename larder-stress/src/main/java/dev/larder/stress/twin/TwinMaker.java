package dev.larder.stress.twin;

import dev.larder.internal.index.HashIndex;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/// Makes the twin of the index for model checkers, which do not see accesses to memory segments:
/// the classes of `dev.larder.internal.index` as they were compiled, in the package
/// `dev.larder.stress.index`, with [Memory] in place of `MemorySegment`. Nothing else differs, so
/// what is true of the twin's steps is true of the steps of the index.
///
/// Called by the build: `TwinMaker FOLDER` writes the classes there.
public final class TwinMaker {
  private static final String PACKAGE = "dev/larder/internal/index/";
  private static final String TWIN_PACKAGE = "dev/larder/stress/index/";
  private static final String SEGMENT_NAME = "java/lang/foreign/MemorySegment";
  private static final String MEMORY_NAME = Memory.class.getName().replace('.', '/');

  private static final ClassDesc HANDLE = ConstantDescs.CD_VarHandle;
  private static final ClassDesc SEGMENT = ClassDesc.ofInternalName(SEGMENT_NAME);
  private static final ClassDesc MEMORY = ClassDesc.ofInternalName(MEMORY_NAME);
  private static final ClassDesc KEY_BYTES = ClassDesc.of(KeyBytes.class.getName());

  /// Methods of [KeyBytes] by what they stand for.
  private static final Map<String, String> VIEWS =
      Map.of("get([BI)J", "getLong", "get([BI)I", "getInt", "set([BII)V", "setInt");

  /// Methods of [Waiting].
  private static final Set<String> WAITING = Set.of("onSpinWait", "parkNanos");

  private static final ClassDesc WAIT = ClassDesc.of(Waiting.class.getName());

  private static final int CONSTANTS_AT = 8;
  private static final int UTF8 = 1;
  private static final int LONG = 5;
  private static final int DOUBLE = 6;

  private TwinMaker() {}

  /// Makes the twin.
  ///
  /// @param arguments the folder for the classes
  public static void main(String[] arguments) throws IOException, URISyntaxException {
    Path target = Path.of(arguments[0]).resolve(TWIN_PACKAGE);
    Files.createDirectories(target);
    URL sample = HashIndex.class.getResource("HashIndex.class");
    if (sample == null) {
      throw new IllegalStateException("the index is not on the class path");
    }
    URI home = sample.toURI();
    if (home.getScheme().equals("jar")) {
      try (FileSystem jar = FileSystems.newFileSystem(home, Map.of())) {
        makeAll(jar.getPath(PACKAGE), target);
      }
    } else {
      makeAll(Path.of(home).resolveSibling(""), target);
    }
  }

  private static void makeAll(Path folder, Path target) throws IOException {
    List<Path> files;
    try (Stream<Path> listing = Files.list(folder)) {
      files = listing.filter(file -> file.toString().endsWith(".class")).toList();
    }
    for (Path file : files) {
      byte[] twin = renamed(redirected(Files.readAllBytes(file)));
      Files.write(target.resolve(file.getFileName().toString()), twin);
    }
  }

  /// Calls a method of [Memory] or [KeyBytes] in place of one of a variable handle. It gets the
  /// same arguments, after the handle.
  private static byte[] redirected(byte[] original) {
    ClassFile format = ClassFile.of();
    return format.transformClass(
        format.parse(original), ClassTransform.transformingMethodBodies(TwinMaker::redirect));
  }

  private static void redirect(CodeBuilder code, CodeElement element) {
    if (element instanceof InvokeInstruction call && WAITING.contains(call.name().stringValue())) {
      code.invokestatic(WAIT, call.name().stringValue(), call.typeSymbol(), false);
      return;
    }
    if (element instanceof InvokeInstruction call && call.owner().asSymbol().equals(HANDLE)) {
      MethodTypeDesc type = call.typeSymbol();
      String name = call.name().stringValue();
      if (type.parameterList().contains(SEGMENT)) {
        code.invokestatic(MEMORY, name, type.insertParameterTypes(0, HANDLE), true);
        return;
      }
      String number = VIEWS.get(name + type.descriptorString());
      if (number != null) {
        code.invokestatic(KEY_BYTES, number, type.insertParameterTypes(0, HANDLE), false);
        return;
      }
    }
    code.with(element);
  }

  /// Changes names. They are all in the constants of the class, as texts.
  private static byte[] renamed(byte[] original) throws IOException {
    var in = new DataInputStream(new ByteArrayInputStream(original));
    var bytes = new ByteArrayOutputStream();
    var out = new DataOutputStream(bytes);
    out.write(in.readNBytes(CONSTANTS_AT));
    int count = in.readUnsignedShort();
    out.writeShort(count);
    for (int i = 1; i < count; i++) {
      int tag = in.readUnsignedByte();
      out.writeByte(tag);
      if (tag == UTF8) {
        out.writeUTF(renamed(in.readUTF()));
      } else {
        out.write(in.readNBytes(constantSize(tag)));
      }
      if (tag == LONG || tag == DOUBLE) {
        i++; // the number after it is not in use
      }
    }
    in.transferTo(out);
    return bytes.toByteArray();
  }

  private static String renamed(String text) {
    return text.replace(PACKAGE, TWIN_PACKAGE).replaceAll(SEGMENT_NAME + "(?!\\$)", MEMORY_NAME);
  }

  /// {@return how many bytes a constant has after its tag; see chapter 4.4 of the specification of
  /// the virtual machine}
  private static int constantSize(int tag) {
    return switch (tag) {
      case 7, 8, 16, 19, 20 -> 2; // a class, a string, a method type, a module, a package
      case 15 -> 3; // a method handle
      case 3, 4, 9, 10, 11, 12, 17, 18 -> 4; // an int, a float, a member, a name and type, dynamic
      case LONG, DOUBLE -> 8;
      default -> throw new IllegalArgumentException("a constant of kind " + tag);
    };
  }
}
