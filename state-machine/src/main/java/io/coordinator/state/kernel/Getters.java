package io.coordinator.state.kernel;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.OneofDescriptor;
import com.google.protobuf.Internal.EnumLite;
import com.google.protobuf.Message;
import java.lang.invoke.LambdaMetafactory;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * The generated getters of one message type as functions. They are looked up by name once; a call costs what a call in
 * source code costs.
 */
final class Getters {
    private static final MethodHandles.Lookup LOOKUP = MethodHandles.lookup();

    private final Class<?> type;

    Getters(Class<?> type) {
        this.type = type;
    }

    /** The value of a field; of a repeated one, the list. */
    Function<Message, Object> value(FieldDescriptor field) {
        return function("get" + camelCase(field.getName()) + (field.isRepeated() ? "List" : ""));
    }

    /** Whether a field with presence is set. */
    @SuppressWarnings("unchecked") // the proxy was made for exactly this interface
    Predicate<Message> has(FieldDescriptor field) {
        MethodHandle has = find(method("has" + camelCase(field.getName())));
        return (Predicate<Message>)
                proxy("test", Predicate.class, MethodType.methodType(boolean.class, Object.class), has);
    }

    /** The field of a oneof that is set; its number is 0 if none is. */
    Function<Message, EnumLite> caseOf(OneofDescriptor oneof) {
        Function<Message, Object> getter = function("get" + camelCase(oneof.getName()) + "Case");
        return message -> (EnumLite) getter.apply(message);
    }

    /** The generated class of a message field, or of the items of a repeated one. */
    Class<?> messageType(FieldDescriptor field) {
        String name = "get" + camelCase(field.getName());
        return (field.isRepeated() ? method(name, int.class) : method(name)).getReturnType();
    }

    @SuppressWarnings("unchecked") // the proxy was made for exactly this interface
    private Function<Message, Object> function(String name) {
        return (Function<Message, Object>)
                proxy("apply", Function.class, MethodType.methodType(Object.class, Object.class), find(method(name)));
    }

    private Method method(String name, Class<?>... parameters) {
        try {
            return type.getMethod(name, parameters);
        } catch (NoSuchMethodException e) {
            throw new IllegalStateException(type + " has no getter " + name, e);
        }
    }

    private static MethodHandle find(Method method) {
        try {
            return LOOKUP.unreflect(method);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException("a generated getter is not public: " + method, e);
        }
    }

    private static Object proxy(String name, Class<?> function, MethodType erased, MethodHandle getter) {
        try {
            return LambdaMetafactory.metafactory(
                            LOOKUP, name, MethodType.methodType(function), erased, getter, getter.type())
                    .getTarget()
                    .invoke();
        } catch (Throwable e) {
            throw new IllegalStateException("cannot call " + getter, e);
        }
    }

    /** As protoc names getters in Java. */
    private static String camelCase(String name) {
        StringBuilder camel = new StringBuilder();
        boolean upper = true;
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c == '_') {
                upper = true;
            } else {
                camel.append(upper ? Character.toUpperCase(c) : c);
                upper = Character.isDigit(c);
            }
        }
        return camel.toString();
    }
}
