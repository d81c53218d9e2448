package io.coordinator.testing.scenario;

import io.coordinator.client.CoordinatorClient;
import io.coordinator.compat.Compat;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Executable;
import java.lang.reflect.Modifier;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** What is public in the packages of the SDK, and of what is built on it, that users see. */
final class ApiMethods {
    private static final List<Class<?>> ROOTS = List.of(CoordinatorClient.class, Compat.class);

    private ApiMethods() {}

    /** The public methods and constructors of its public types that are wanted, in the order of their names. */
    static List<Executable> all(Predicate<Executable> wanted) {
        return ROOTS.stream()
                .flatMap(root -> types(root).stream())
                .filter(type -> Modifier.isPublic(type.getModifiers()))
                .<Executable>flatMap(type -> Stream.concat(
                        Arrays.stream(type.getDeclaredMethods()), Arrays.stream(type.getDeclaredConstructors())))
                .filter(each -> Modifier.isPublic(each.getModifiers()) && !each.isSynthetic())
                .filter(wanted)
                .sorted(Comparator.comparing(Executable::toString))
                .toList();
    }

    private static List<Class<?>> types(Class<?> root) {
        try {
            Path code = Path.of(
                    root.getProtectionDomain().getCodeSource().getLocation().toURI());
            if (Files.isDirectory(code)) {
                return typesIn(root, code);
            }
            try (FileSystem jar = FileSystems.newFileSystem(URI.create("jar:" + code.toUri()), Map.of())) {
                return typesIn(root, jar.getPath("/"));
            }
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Class<?>> typesIn(Class<?> first, Path root) throws IOException {
        Path directory = root.resolve(first.getPackageName().replace('.', '/'));
        try (Stream<Path> files = Files.walk(directory)) {
            return files.map(file -> root.relativize(file).toString().replace('/', '.'))
                    .filter(name -> name.endsWith(".class")
                            && !name.endsWith("package-info.class")
                            && !name.contains(".internal."))
                    .<Class<?>>map(name -> type(name.substring(0, name.length() - ".class".length())))
                    .toList();
        }
    }

    private static Class<?> type(String name) {
        try {
            return Class.forName(name);
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }
}
