package io.coordinator.cli.process;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Takes over signals of this process for as long as it is open. Java has no supported way to see one: a shutdown hook
 * can neither tell INT from TERM nor let the process live on while its child does. So this is {@code sun.misc.Signal},
 * which every JDK has in {@code jdk.unsupported}; by reflection, because the compiler warns of it in a way that cannot
 * be suppressed.
 */
public final class SignalTraps implements AutoCloseable {
    private record Replaced(Object signal, Object handler) {}

    private final List<Replaced> replaced = new ArrayList<>();

    /**
     * Calls the handler, on a thread of the JVM's, with the name of each signal that arrives.
     *
     * @param names such as {@code TERM}; one that the platform or the JVM (with -Xrs) does not give away is left alone
     */
    public SignalTraps(List<String> names, Consumer<String> handler) {
        names.forEach(name -> takeOver(name, handler));
    }

    @Override
    public void close() {
        for (Replaced old : replaced) {
            try {
                handle(old.signal(), old.handler());
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException("cannot give back " + old.signal(), e);
            }
        }
    }

    private void takeOver(String name, Consumer<String> handler) {
        try {
            Object signal = type("Signal").getConstructor(String.class).newInstance(name);
            Object ours = Proxy.newProxyInstance(
                    SignalTraps.class.getClassLoader(),
                    new Class<?>[] {type("SignalHandler")},
                    (self, method, arguments) -> switch (method.getName()) {
                        case "handle" -> {
                            handler.accept(name);
                            yield null;
                        }
                        case "equals" -> self == arguments[0];
                        case "hashCode" -> System.identityHashCode(self);
                        default -> "handler of " + name;
                    });
            replaced.add(new Replaced(signal, handle(signal, ours)));
        } catch (InvocationTargetException e) {
            if (!(e.getCause() instanceof IllegalArgumentException)) {
                throw new IllegalStateException("cannot take over signal " + name, e);
            }
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(
                    "this JVM has no sun.misc.Signal; start it with the module jdk.unsupported", e);
        }
    }

    private static Object handle(Object signal, Object handler) throws ReflectiveOperationException {
        return type("Signal")
                .getMethod("handle", type("Signal"), type("SignalHandler"))
                .invoke(null, signal, handler);
    }

    private static Class<?> type(String name) throws ClassNotFoundException {
        return Class.forName("sun.misc." + name);
    }
}
