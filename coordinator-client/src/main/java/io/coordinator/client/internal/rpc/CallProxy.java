package io.coordinator.client.internal.rpc;

import io.coordinator.client.error.ValidationException;
import io.coordinator.client.internal.async.Await;
import io.coordinator.client.internal.async.Promise;
import io.coordinator.client.rpc.CallOptions;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes calls of the methods of an interface. */
final class CallProxy<I> implements InvocationHandler {
    /** Members of what a call carries. */
    static final String METHOD = "method";

    static final String ARGUMENTS = "args";

    private final RpcCalls calls;
    private final StubInterface<I> stub;
    private final CallOptions options;

    private CallProxy(RpcCalls calls, StubInterface<I> stub, CallOptions options) {
        this.calls = calls;
        this.stub = stub;
        this.options = options;
    }

    static <I> I of(RpcCalls calls, StubInterface<I> stub, CallOptions options) {
        Class<I> type = stub.type();
        var unused = new ProcedureId(calls.namespace(), stub.name()); // Refuses a bad name now.
        try {
            return type.cast(Proxy.newProxyInstance(
                    type.getClassLoader(), new Class<?>[] {type}, new CallProxy<>(calls, stub, options)));
        } catch (IllegalArgumentException e) { // sealed, hidden, or not visible
            throw new ValidationException("type must be an interface that others may implement: " + e.getMessage(), e);
        }
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, @Nullable Object @Nullable [] arguments)
            throws Throwable {
        @Nullable Object[] given = arguments == null ? new Object[0] : arguments;
        if (StubInterface.isOfObject(method)) {
            return ofObject(proxy, method, given);
        } else if (method.isDefault()) {
            return runHere(proxy, method, given);
        }
        return call(stub.method(method.getName()).orElseThrow(), given);
    }

    /** A default method, perhaps of an interface that only its package sees. */
    private static @Nullable Object runHere(Object proxy, Method method, @Nullable Object[] given) throws Throwable {
        Class<?> declaring = method.getDeclaringClass();
        return Modifier.isPublic(declaring.getModifiers())
                ? InvocationHandler.invokeDefault(proxy, method, given)
                : MethodHandles.privateLookupIn(declaring, MethodHandles.lookup())
                        .unreflectSpecial(method, declaring)
                        .bindTo(proxy)
                        .invokeWithArguments(given);
    }

    private Object ofObject(Object proxy, Method method, @Nullable Object[] given) {
        return switch (method.getName()) {
            case "equals" -> proxy == given[0];
            case "hashCode" -> System.identityHashCode(proxy);
            default ->
                "proxy of " + stub.type().getName() + ", which calls "
                        + new ProcedureId(calls.namespace(), stub.name());
        };
    }

    private @Nullable Object call(StubInterface.StubMethod method, @Nullable Object[] given) {
        Map<String, Object> call = new LinkedHashMap<>();
        call.put(METHOD, method.name());
        List<@Nullable Object> values = Arrays.asList(given);
        call.put(ARGUMENTS, values);
        Promise<@Nullable Object> outcome = calls.call(stub.name(), call, method.result(), options);
        if (method.isStaged()) {
            return outcome;
        }
        Object result = Await.<@Nullable Object>result(outcome);
        Class<?> declared = method.method().getReturnType();
        if (result == null && declared.isPrimitive() && declared != void.class) {
            throw new ValidationException("method " + method.name() + " of "
                    + stub.type().getName() + " must give a " + declared + ", but its handler gave null");
        }
        return result;
    }
}
