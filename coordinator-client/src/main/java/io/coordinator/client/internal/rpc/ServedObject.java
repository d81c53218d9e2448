package io.coordinator.client.internal.rpc;

import com.fasterxml.jackson.databind.JsonNode;
import io.coordinator.client.error.ErrorCode;
import io.coordinator.client.error.ValidationException;
import io.coordinator.client.internal.codec.JsonCodec;
import io.coordinator.client.rpc.RpcFailure;
import io.coordinator.client.rpc.RpcHandler;
import io.coordinator.client.rpc.RpcRequest;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;

/** Serves the calls of an interface's methods by an object. */
final class ServedObject<I> implements RpcHandler {
    private final StubInterface<I> stub;
    private final I implementation;
    private final JsonCodec json;

    ServedObject(StubInterface<I> stub, I implementation, JsonCodec json) {
        this.stub = stub;
        this.implementation = stub.type().cast(implementation);
        this.json = json;
    }

    @Override
    public @Nullable Object handle(RpcRequest request) throws Exception {
        JsonNode call = request.arguments();
        String name = call.path(CallProxy.METHOD).asText();
        StubInterface.StubMethod method = stub.method(name)
                .orElseThrow(() -> new RpcFailure(
                        ErrorCode.ENOHANDLER.name(), stub.type().getName() + " has no method \"" + name + "\""));
        return invoke(method.method(), read(method, call.path(CallProxy.ARGUMENTS)));
    }

    private @Nullable Object[] read(StubInterface.StubMethod method, JsonNode given) {
        int wanted = method.parameters().size();
        if (given.size() != wanted) {
            throw new RpcFailure(
                    ErrorCode.EINVAL.name(),
                    "method \"" + method.name() + "\" takes " + wanted + " arguments, but was given " + given.size());
        }
        @Nullable Object[] values = new Object[wanted];
        for (int i = 0; i < wanted; i++) {
            try {
                values[i] =
                        json.read(json.write(given.get(i)), method.parameters().get(i));
            } catch (ValidationException e) {
                throw new RpcFailure(
                        ErrorCode.EINVAL.name(),
                        "argument " + (i + 1) + " of method \"" + method.name() + "\" cannot be read: "
                                + e.getMessage(),
                        e);
            }
        }
        return values;
    }

    private @Nullable Object invoke(Method method, @Nullable Object[] arguments) throws Exception {
        var unused = method.trySetAccessible(); // It may be an interface that only its package sees.
        try {
            return method.invoke(implementation, arguments);
        } catch (InvocationTargetException e) {
            Throwable thrown = e.getTargetException();
            if (thrown instanceof Exception exception) {
                throw exception;
            } else if (thrown instanceof Error error) {
                throw error;
            }
            throw e;
        }
    }
}
