<!-- Links to packed pages. -->
<GzipLinks>
