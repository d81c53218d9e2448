package io.coordinator.client.internal.rpc;

import com.fasterxml.jackson.databind.JavaType;
import io.coordinator.client.error.ValidationException;
import io.coordinator.client.internal.codec.JsonCodec;
import io.coordinator.client.rpc.RpcName;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.WildcardType;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** An interface whose methods are called from afar: its name, and what each method takes and gives. */
final class StubInterface<I> {
    private final Class<I> type;
    private final String name;
    private final Map<String, StubMethod> methods = new TreeMap<>();

    /**
     * A method.
     *
     * @param parameters its types, of which each argument is one
     * @param result the type of the outcome
     * @param isStaged whether it gives a stage of the outcome
     */
    record StubMethod(Method method, List<JavaType> parameters, JavaType result, boolean isStaged) {
        String name() {
            return method.getName();
        }
    }

    /**
     * Looks into an interface.
     *
     * @throws ValidationException if it cannot be called from afar
     */
    StubInterface(Class<I> type, JsonCodec json) {
        this.type = type;
        if (!type.isInterface() || type.isAnnotation()) {
            throw new ValidationException("type must be an interface, but is " + type.getName());
        }
        RpcName given = type.getAnnotation(RpcName.class);
        name = given == null ? type.getName() : given.value();
        for (Method method : type.getMethods()) {
            if (Modifier.isAbstract(method.getModifiers()) && !isOfObject(method)) {
                add(method, json);
            }
        }
        if (methods.isEmpty()) {
            throw new ValidationException("type must have methods to call, but " + type.getName() + " has none");
        }
    }

    /** Interfaces may repeat methods that every object has. */
    static boolean isOfObject(Method method) {
        return Arrays.stream(Object.class.getMethods())
                .anyMatch(each -> each.getName().equals(method.getName())
                        && Arrays.equals(each.getParameterTypes(), method.getParameterTypes()));
    }

    private void add(Method method, JsonCodec json) {
        StubMethod known = methods.get(method.getName());
        if (known == null || isOverriddenBy(known.method(), method)) {
            methods.put(method.getName(), read(method, json));
        } else if (!isOverriddenBy(method, known.method())) {
            throw new ValidationException("type must have one method of each name, but " + type.getName()
                    + " has several of the name " + method.getName() + "; rename all but one of them");
        }
    }

    private static boolean isOverriddenBy(Method method, Method other) {
        return Arrays.equals(method.getParameterTypes(), other.getParameterTypes())
                && method.getReturnType().isAssignableFrom(other.getReturnType());
    }

    private StubMethod read(Method method, JsonCodec json) {
        Class<?> raw = method.getReturnType();
        boolean isStaged = raw == CompletionStage.class || raw == CompletableFuture.class;
        if (!isStaged && CompletionStage.class.isAssignableFrom(raw)) {
            throw new ValidationException("method " + method.getName() + " of " + type.getName()
                    + " must return a CompletionStage or a CompletableFuture, but returns a " + raw.getName());
        }
        Type result = isStaged ? ofStage(method.getGenericReturnType()) : method.getGenericReturnType();
        List<JavaType> parameters =
                Arrays.stream(method.getGenericParameterTypes()).map(json::type).toList();
        return new StubMethod(method, parameters, json.type(boxed(result)), isStaged);
    }

    private static Type ofStage(Type stage) {
        Type outcome = stage instanceof ParameterizedType generic ? generic.getActualTypeArguments()[0] : Object.class;
        return outcome instanceof WildcardType any ? any.getUpperBounds()[0] : outcome;
    }

    private static Type boxed(Type type) {
        return type == void.class ? Void.class : type;
    }

    Class<I> type() {
        return type;
    }

    /** Under which it is called. */
    String name() {
        return name;
    }

    Optional<StubMethod> method(String methodName) {
        return Optional.ofNullable(methods.get(methodName));
    }
}
