package io.coordinator.deploy;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The manifests as typed objects, parsed strictly: a member that the model does not know is an error. */
final class Manifests {
    static final Path BASE = Path.of("k8s/base").toAbsolutePath();

    private final List<HasMetadata> objects;

    private Manifests(List<HasMetadata> objects) {
        this.objects = List.copyOf(objects);
    }

    /** The files of the base as they are, without what the renderer generates. */
    static Manifests ofFiles() throws IOException {
        return ofFiles(BASE);
    }

    /** The files of a directory. */
    static Manifests ofFiles(Path directory) throws IOException {
        List<HasMetadata> objects = new ArrayList<>();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.filter(f -> !f.endsWith("kustomization.yaml"))
                    .sorted()
                    .toList()) {
                try (InputStream in = Files.newInputStream(file)) {
                    objects.addAll(parse(in));
                }
            }
        }
        return new Manifests(objects);
    }

    /** What {@code kubectl kustomize} makes of the base. */
    static Manifests rendered() throws IOException, InterruptedException {
        Process kubectl = new ProcessBuilder("kubectl", "kustomize", BASE.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        Manifests manifests;
        try (InputStream out = kubectl.getInputStream()) {
            manifests = new Manifests(parse(out));
        }
        int exit = kubectl.waitFor();
        if (exit != 0) {
            throw new IOException("kubectl kustomize exited with " + exit);
        }
        return manifests;
    }

    <T extends HasMetadata> T only(Class<T> type, String name) {
        List<T> found = objects.stream()
                .filter(type::isInstance)
                .map(type::cast)
                .filter(object -> object.getMetadata().getName().startsWith(name))
                .toList();
        if (found.size() != 1) {
            throw new AssertionError(
                    "expected one " + type.getSimpleName() + " named " + name + ", found " + found.size());
        }
        return found.get(0);
    }

    <T extends HasMetadata> T exactly(Class<T> type, String name) {
        return objects.stream()
                .filter(type::isInstance)
                .map(type::cast)
                .filter(object -> object.getMetadata().getName().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + type.getSimpleName() + " named " + name));
    }

    /** Where the model met members that it does not know, as paths. */
    List<String> unknownMembers() {
        List<String> unknown = new ArrayList<>();
        for (HasMetadata object : objects) {
            collectUnknown(object.getKind() + "/" + object.getMetadata().getName(), object, unknown);
        }
        return unknown;
    }

    private static List<HasMetadata> parse(InputStream in) {
        Object parsed = new KubernetesSerialization().unmarshal(in);
        Collection<?> items = parsed instanceof Collection<?> many ? many : List.of(parsed);
        List<HasMetadata> objects = new ArrayList<>();
        for (Object item : items) {
            if (!(item instanceof HasMetadata object)) {
                throw new AssertionError("not a Kubernetes object that the model knows: " + item);
            }
            objects.add(object);
        }
        return objects;
    }

    private static void collectUnknown(String path, Object value, List<String> unknown) {
        if (value instanceof Collection<?> items) {
            int i = 0;
            for (Object item : items) {
                collectUnknown(path + "[" + i++ + "]", item, unknown);
            }
        } else if (value.getClass().getName().startsWith("io.fabric8.kubernetes.api.model")) {
            for (Method method : value.getClass().getMethods()) {
                if (method.getParameterCount() == 0 && method.getName().startsWith("get")) {
                    collectMember(path, value, method, unknown);
                }
            }
        }
    }

    private static void collectMember(String path, Object value, Method getter, List<String> unknown) {
        Object member;
        try {
            member = getter.invoke(value);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(path + "." + getter.getName(), e);
        }
        if (member == null) {
            return;
        }
        if (getter.getName().equals("getAdditionalProperties")) {
            ((Map<?, ?>) member).keySet().forEach(key -> unknown.add(path + "." + key));
        } else {
            collectUnknown(path + "." + getter.getName().substring(3), member, unknown);
        }
    }
}
